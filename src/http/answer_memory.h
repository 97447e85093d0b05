#pragma once
// Finished answers that last, found by what the request says, so that one that is asked for again costs what a static file costs: no route, no handler, one write. An answer is given only
// as long as its handler's promise holds (Response::lasting); nothing is purged by hand. Bounded by bytes. Thread-safe.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_lru.h"
#include "http/accounts.h"
#include "http/exchange.h"

namespace armarium::http {

struct KeptAnswer {
  std::shared_ptr<const Lasting> lasting;
  std::shared_ptr<const PreparedHeaders> head;
  base::SharedBytes body;
  base::Timing timing;  // what was done at first, without times
  std::string route;
  Account* account = nullptr;
  std::vector<std::pair<std::string, std::string>> wanted;  // what Vary names → what the request said there
};
using KeptAnswerPtr = std::shared_ptr<const KeptAnswer>;

class AnswerMemory {
 public:
  explicit AnswerMemory(std::uint64_t max_bytes) : enabled_(max_bytes > 0), kept_(max_bytes) {}

  // Null when there is none that lasts, or when the request asks for more than the plain answer (conditions, ranges, credentials).
  KeptAnswerPtr find(const Request& request, std::chrono::steady_clock::time_point now);
  // Keeps a 200 whose handler said that it lasts; passes over what is too large, and bodies that are not in memory.
  void keep(const Request& request, const Response& response, Account& account);

 private:
  using Variants = std::vector<KeptAnswerPtr>;

  bool enabled_;
  base::ByteLru<Variants> kept_;
};

}  // namespace armarium::http
