#include "app/check_sources.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <unordered_set>

#include <fmt/format.h>

#include "app/version.h"
#include "check/answer.h"
#include "net/client.h"

namespace armarium::app {
namespace {

namespace fs = std::filesystem;
using Found = std::function<void(CheckedSource)>;

constexpr std::uint64_t kLargest = std::uint64_t{256} << 20;

base::Result<std::string> read_file(const fs::path& path) {
  std::error_code failed;
  if (const auto size = fs::file_size(path, failed); !failed && size > kLargest)
    return base::fail(base::ErrorCode::too_large, fmt::format("{} is larger than 256 MB.", path.string()));
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::fail(base::ErrorCode::io, fmt::format("{} cannot be read.", path.string()));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// The JSON files of a folder and of those below it, by name.
std::vector<fs::path> json_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  fs::recursive_directory_iterator walk(folder, fs::directory_options::skip_permission_denied, failed);
  for (; !failed && walk != fs::recursive_directory_iterator(); walk.increment(failed)) {
    const fs::path& path = walk->path();
    if (path.filename().string().starts_with('.')) {
      if (walk->is_directory(failed)) walk.disable_recursion_pending();
      continue;
    }
    const std::string ending = path.extension().string();
    if ((ending == ".json" || ending == ".jsonld") && walk->is_regular_file(failed)) files.push_back(path);
  }
  std::sort(files.begin(), files.end());
  return files;
}

CheckedSource unreadable(const std::string& address, std::string sentence) {
  CheckedSource out{.name = address, .checked = {}};
  out.checked.kind = "unknown";
  out.checked.report.must(check::Place(), "RFC 9110", std::move(sentence));
  return out;
}

base::Result<> check_files(const std::string& name, const Found& found) {
  std::error_code failed;
  const bool folder = fs::is_directory(name, failed);
  for (const fs::path& path : folder ? json_files(name) : std::vector<fs::path>{name}) {
    auto text = read_file(path);
    if (!text && !folder) return base::fail(std::move(text.error()));
    found(text ? CheckedSource{path.string(), check::check_text(*text)}
               : unreadable(path.string(), text.error().message));
  }
  return {};
}

// The user named the address, so it may be one of this machine or network; where others lead to from there is judged for itself.
net::Rules rules_of_asking(net::Rules::Private private_addresses) {
  net::Rules rules;
  rules.private_addresses = private_addresses;
  rules.agent = fmt::format("armarium-check/{}", kVersion);
  return rules;
}

std::string host_of(std::string_view address) {
  const auto start = address.find("://");
  if (start == std::string_view::npos) return {};
  return std::string(address.substr(0, address.find_first_of("/?#", start + 3)));
}

// Documents by address, the first and those that it leads to, each asked for once.
class Walk {
 public:
  Walk(const CheckOptions& options, const Found& found) : options_(options), found_(found) {}

  base::Result<> from(const std::string& first) {
    queue_.push_back(first);
    seen_.insert(first);
    named_first_ = true;
    for (bool named = true; !queue_.empty(); named = false) {
      const std::string address = std::move(queue_.front());
      queue_.pop_front();
      auto done = one(address);
      if (!done && named) return done;
      if (!done) found_(unreadable(address, done.error().message));
    }
    return {};
  }

 private:
  base::Result<> one(const std::string& address) {
    const net::Request request{.address = address,
                               .accept = "application/ld+json;q=1.0, application/json;q=0.9, */*;q=0.1",
                               .fields = {{"Origin", std::string(check::kAskedFrom)}}};
    auto response = client_.get(request);
    if (!response) return base::fail(std::move(response.error()));
    if (response->status != 200)
      return base::fail(base::ErrorCode::io, fmt::format("{} answers with status {}.", address, response->status));
    if (named_first_) first_answered(*response);
    check::Checked checked = check::check_text(response->body);
    if (auto document = json::parse(response->body)) {
      check::check_answer({.asked = address,
                           .address = response->address,
                           .content_type = response->field("content-type"),
                           .allow_origin = response->field("access-control-allow-origin")},
                          *document, checked);
      if (options_.follow) follow(*document);
    }
    found_({address, std::move(checked)});
    return {};
  }

  // What it leads to is of the host that answered, which may be another than the one that was named; and where that is a public one, so are the others.
  void first_answered(const net::Response& response) {
    named_first_ = false;
    host_ = host_of(response.address);
    if (!response.was_private) client_ = net::Client(rules_of_asking(net::Rules::Private::refused));
  }

  void follow(const json::Value& document) {
    for (std::string& link : check::documents_linked(document)) {
      if (seen_.size() >= options_.most || host_of(link) != host_) continue;
      if (seen_.insert(link).second) queue_.push_back(std::move(link));
    }
  }

  const CheckOptions& options_;
  const Found& found_;
  net::Client client_{rules_of_asking(net::Rules::Private::first_only)};
  std::deque<std::string> queue_{};
  std::unordered_set<std::string> seen_{};
  std::string host_{};
  bool named_first_ = true;
};

bool is_address(std::string_view name) { return name.starts_with("http://") || name.starts_with("https://"); }

}  // namespace

base::Result<> check_sources(const CheckOptions& options, const Found& found) {
  for (const std::string& name : options.sources) {
    base::Result<> done;
    if (name == "-") {
      found({name, check::check_text(std::string(std::istreambuf_iterator<char>(std::cin), {}))});
    } else {
      done = is_address(name) ? Walk(options, found).from(name) : check_files(name, found);
    }
    if (!done) return done;
  }
  return {};
}

}  // namespace armarium::app
