#pragma once
// The order of pages and folders by their names: natural, recto before verso, front before back, a front cover and the
// spine first, a back cover last. Names of `order:` come before all others, in that order. Pure; any thread.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace armarium::ingest {

// A name without extension, made ready for comparing: make it once for each name. A strict weak order.
class OrderKey {
 public:
  explicit OrderKey(std::string_view name);
  bool operator<(const OrderKey& other) const;

 private:
  int group_ = 0;  // front cover, spine, pages, back cover
  std::string text_;
  std::string name_;
};

// The places of names in `order:`, which may give them with or without extension.
class NamedOrder {
 public:
  explicit NamedOrder(std::span<const std::string> names);
  // Past the end when it is not named.
  std::size_t place(std::string_view name, std::string_view stem) const;
  std::size_t end() const noexcept { return end_; }

 private:
  std::unordered_map<std::string, std::size_t> places_;
  std::size_t end_;
};

}  // namespace armarium::ingest
