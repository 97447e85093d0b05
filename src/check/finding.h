#pragma once
// What the checker says about a document. Values; any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace armarium::check {

// A breach of a MUST of the specification, or of a SHOULD.
enum class Level : std::uint8_t { must, should };

struct Finding {
  Level level = Level::must;
  std::string clause{};   // "Presentation 3.0, 3.1 label"
  std::string path{};     // in the document: "items/0/label"; empty: the document itself
  std::string message{};  // one sentence
  friend bool operator==(const Finding&, const Finding&) = default;
};

// Where the checker stands in a document: lives on the stack, below the place that it hangs in.
class Place {
 public:
  Place() = default;
  Place(const Place& up, std::string_view key) : up_(&up), key_(key) {}
  Place(const Place& up, std::size_t index) : up_(&up), index_(index) {}
  std::string path() const;

 private:
  const Place* up_ = nullptr;
  std::string_view key_{};
  std::size_t index_ = 0;
};

// Collects findings. The same sentence about many places is kept for the first of them only, and counted.
class Report {
 public:
  static constexpr std::size_t kMostOfOne = 20;

  void must(const Place& place, std::string_view clause, std::string message) {
    add(Level::must, place, clause, std::move(message));
  }
  void should(const Place& place, std::string_view clause, std::string message) {
    add(Level::should, place, clause, std::move(message));
  }
  void add(Level level, const Place& place, std::string_view clause, std::string message);

  const std::vector<Finding>& findings() const noexcept { return findings_; }
  std::uint64_t count(Level level) const noexcept { return counts_[static_cast<std::size_t>(level)]; }
  // Those that were counted only.
  std::uint64_t left_out() const noexcept { return count(Level::must) + count(Level::should) - findings_.size(); }

 private:
  std::vector<Finding> findings_;
  std::uint64_t counts_[2] = {0, 0};
};

}  // namespace armarium::check
