#include "http/answer_memory.h"

#include <algorithm>

#include "http/response_head.h"
#include "http/text.h"

namespace armarium::http {
namespace {

constexpr std::size_t kLargestBody = 256U << 10;
constexpr std::size_t kMostVariants = 4;

// The plain question for one address, which every client that asks it gets the same answer to.
bool is_plain(const Request& request) {
  if (request.method != "GET") return false;
  const auto& fields = request.headers.fields();
  return std::none_of(fields.begin(), fields.end(), [](const auto& field) {
    const std::string_view name = field.first;
    return same_text(name, "Range") || same_text(name, "Authorization") || same_text(name.substr(0, 3), "If-");
  });
}

// Everything that an answer depends on but the headers that it names in Vary. Made anew in one buffer for each thread.
const std::string& key_of(const Request& request) {
  thread_local std::string key;
  key.assign(request.base_url);
  for (const std::string* part : {&request.path, &request.query, &request.principal.tier}) (key += '\n') += *part;
  return key;
}

// Whether the request says exactly this there, in at most one field.
bool says(const Request& request, std::string_view name, std::string_view value) {
  bool said = false;
  for (const auto& [known, text] : request.headers.fields()) {
    if (!same_text(known, name)) continue;
    if (said || text != value) return false;
    said = true;
  }
  return said || value.empty();
}

bool fits(const KeptAnswer& answer, const Request& request) {
  return std::all_of(answer.wanted.begin(), answer.wanted.end(),
                     [&](const auto& field) { return says(request, field.first, field.second); });
}

base::SharedBytes body_of(const Response& response) {
  if (const auto* bytes = std::get_if<base::SharedBytes>(&response.body)) return *bytes;
  const auto* text = std::get_if<std::string>(&response.body);
  if (text == nullptr || text->size() > kLargestBody) return nullptr;
  const base::ByteView view = base::as_bytes(*text);
  return base::share(base::Bytes(view.begin(), view.end()));
}

}  // namespace

KeptAnswerPtr AnswerMemory::find(const Request& request, std::chrono::steady_clock::time_point now) {
  if (!enabled_ || !is_plain(request)) return nullptr;
  const auto variants = kept_.find(key_of(request));
  if (!variants) return nullptr;
  const auto found = std::find_if(variants->begin(), variants->end(),
                                  [&](const KeptAnswerPtr& answer) { return fits(*answer, request); });
  return found != variants->end() && (*found)->lasting->lasts(now) ? *found : nullptr;
}

void AnswerMemory::keep(const Request& request, const Response& response, Account& account) {
  if (!enabled_ || !response.lasting || response.status != 200 || !is_plain(request)) return;
  const std::string vary = response.headers.joined("Vary");
  auto made = std::make_shared<KeptAnswer>();
  for (const auto name : split_list(vary)) {
    if (name == "*" || !says(request, name, request.headers.get(name))) return;
    made->wanted.emplace_back(name, request.headers.get(name));
  }
  const std::string key = key_of(request);
  auto variants = std::make_shared<Variants>();
  if (const auto known = kept_.find(key)) {
    for (const KeptAnswerPtr& answer : *known) {
      const bool same = answer->wanted == made->wanted;
      // Its handler said so again: it still lasts.
      if (same && answer->lasting == response.lasting &&
          answer->head->headers.get("ETag") == response.headers.get("ETag"))
        return;
      if (!same && variants->size() + 1 < kMostVariants) variants->push_back(answer);
    }
  }
  made->body = body_of(response);
  if (!made->body || made->body->size() > kLargestBody) return;
  auto head = std::make_shared<PreparedHeaders>();
  head->headers = response.headers;
  head->text = fields_text(response.headers);
  made->head = std::move(head);
  made->lasting = response.lasting;
  made->timing.plan = response.timing.plan;
  made->timing.cache = "hit";
  made->timing.level = response.timing.level;
  made->route = request.route;
  made->account = &account;
  variants->insert(variants->begin(), std::move(made));
  std::uint64_t cost = 0;
  for (const KeptAnswerPtr& answer : *variants) cost += answer->body->size() + 2 * answer->head->text.size() + 1024;
  kept_.put(key, std::move(variants), cost);
}

}  // namespace armarium::http
