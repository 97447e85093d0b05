#include "exports/exporter.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <unordered_map>

#include <fmt/format.h>

#include "exports/documents.h"
#include "exports/pages.h"
#include "exports/places.h"
#include "exports/pyramid.h"
#include "http/fake_exchange.h"

namespace armarium::exports {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t kMostProblems = 10'000;
constexpr std::string_view kTop = "/iiif/collection";

Result<std::string> text_of(Answer& answer, const std::string& target) {
  if (answer.response.status != 200)
    return base::fail(ErrorCode::not_found, fmt::format("{} answers with status {}.", target, answer.response.status));
  return http::body_text(answer.response.body);
}

// What is still to be asked for; each file once. Workers take from it until all of them wait and nothing is left.
class Queue {
 public:
  explicit Queue(unsigned workers) : workers_(workers) {}

  // False when another target has the same file.
  bool add(Place place) {
    {
      const std::lock_guard lock(mutex_);
      const std::hash<std::string> hash;
      const auto [known, first] = seen_.try_emplace(hash(place.file), hash(place.target));
      if (!first) return known->second == hash(place.target);
      // The pictures of one image come before the next image, so that this holds few.
      place.kind == Kind::picture ? places_.push_front(std::move(place)) : places_.push_back(std::move(place));
    }
    changed_.notify_one();
    return true;
  }

  std::optional<Place> take() {
    std::unique_lock lock(mutex_);
    ++idle_;
    changed_.wait(lock, [this] { return stopped_ || !places_.empty() || idle_ == workers_; });
    if (stopped_ || places_.empty()) {
      stopped_ = true;
      changed_.notify_all();
      return std::nullopt;
    }
    --idle_;
    Place place = std::move(places_.front());
    places_.pop_front();
    return place;
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
  }
  std::uint64_t waiting() const {
    const std::lock_guard lock(mutex_);
    return places_.size();
  }

 private:
  const unsigned workers_;
  mutable std::mutex mutex_{};
  std::condition_variable changed_{};
  std::deque<Place> places_{};
  // Targets by file, as hashes: a site has millions of files.
  std::unordered_map<std::size_t, std::size_t> seen_{};
  unsigned idle_ = 0;
  bool stopped_ = false;
};

class Exporter {
 public:
  Exporter(const Options& options, const Ask& ask, SiteFolder& folder, std::string language)
      : options_(options),
        ask_(ask),
        folder_(folder),
        places_(options.base_url, std::move(language), is_there(options.viewers, "/viewer/mirador")),
        queue_(std::max(1U, options.threads)) {}

  Result<Report> run() {
    for (const char* target : {"/", "/accessibility", "/sitemap.xml", "/robots.txt"}) add(target);
    add(std::string(kTop));
    for (const std::string& target : options_.assets) add(target);
    for (const std::string& target : options_.viewers) add(target);
    std::vector<std::thread> workers;
    for (unsigned number = 0; number < std::max(1U, options_.threads); ++number)
      workers.emplace_back([this] { work(); });
    for (std::thread& worker : workers) worker.join();
    if (fatal_) return base::fail(std::move(*fatal_));
    std::sort(report_.problems.begin(), report_.problems.end());
    return std::move(report_);
  }

 private:
  static bool is_there(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  void add(const std::string& target) {
    if (auto place = places_.find(options_.base_url + target)) add(std::move(*place));
  }
  void add(std::vector<Place> found) {
    for (Place& place : found) add(std::move(place));
  }
  void add(Place place) {
    if (place.file.empty()) return leave_out(place.target, "No file can have a name like this.");
    const std::string target = place.target;
    if (!queue_.add(std::move(place))) leave_out(target, "Another address of the site has the same file.");
  }
  // Said once of each address.
  void leave_out(const std::string& target, std::string_view why) {
    const std::lock_guard lock(mutex_);
    if (report_.problems.size() < kMostProblems && left_out_.insert(target).second)
      report_.problems.push_back(fmt::format("{}: {}", target, why));
  }

  void work() {
    while (auto place = queue_.take()) {
      if (auto done = one(*place); !done) problem(*place, done.error());
      if (options_.progress && folder_.files() % 64 == 0) options_.progress(folder_.files(), queue_.waiting());
    }
  }

  void problem(const Place& place, const base::Error& error) {
    const std::lock_guard lock(mutex_);
    const bool whole = error.code == ErrorCode::storage_full || place.target == kTop || place.target == "/";
    if (whole && !fatal_) fatal_ = error;
    if (whole) queue_.stop();
    if (report_.problems.size() < kMostProblems)
      report_.problems.push_back(fmt::format("{}: {}", place.target, error.message));
  }

  void count(std::uint64_t Report::*what) {
    const std::lock_guard lock(mutex_);
    ++(report_.*what);
  }

  Result<> one(const Place& place) {
    auto answer = ask_(place.target);
    if (!answer) return base::fail(std::move(answer.error()));
    switch (place.kind) {
      case Kind::page: return page(place, *answer);
      case Kind::document: return document(place, *answer);
      case Kind::service: return service(place, *answer);
      case Kind::text: return text(place, *answer);
      case Kind::picture:
      case Kind::file: return file(place, *answer);
    }
    return {};
  }

  Result<> page(const Place& place, Answer& answer) {
    auto html = text_of(answer, place.target);
    if (!html) return base::fail(std::move(html.error()));
    RewrittenPage rewritten = rewrite_page(*html, places_);
    add(std::move(rewritten.found));
    count(&Report::pages);
    return folder_.write(place.file, rewritten.html);
  }

  Result<> document(const Place& place, Answer& answer) {
    auto text = text_of(answer, place.target);
    if (!text) return base::fail(std::move(text.error()));
    auto value = json::parse(*text, {.max_bytes = std::size_t{1} << 30, .max_depth = 128});
    if (!value) return base::fail(std::move(value.error()));
    add(rewrite_document(*value, places_));
    count(&Report::documents);
    return folder_.write(place.file, json::to_text(*value) + '\n');
  }

  Result<> service(const Place& place, Answer& answer) {
    auto text = text_of(answer, place.target);
    if (!text) return base::fail(std::move(text.error()));
    auto value = json::parse(*text);
    if (!value || !value->is_object()) return base::fail(ErrorCode::corrupt, "This is no info.json.");
    auto pyramid = level_0(value->get_object());
    if (!pyramid) return base::fail(std::move(pyramid.error()));
    const std::string service = options_.base_url + place.target.substr(0, place.target.rfind('/') + 1);
    for (const std::string& picture : pyramid->pictures)
      if (auto found = places_.find(service + picture)) add(std::move(*found));
    count(&Report::images);
    return folder_.write(place.file, json::to_text(json::Value(std::move(pyramid->information))) + '\n');
  }

  Result<> text(const Place& place, Answer& answer) {
    auto text = text_of(answer, place.target);
    if (!text) return base::fail(std::move(text.error()));
    return folder_.write(place.file, rewrite_text(*text, places_));
  }

  Result<> file(const Place& place, Answer& answer) {
    if (answer.response.status != 200)
      return base::fail(ErrorCode::not_found,
                        fmt::format("{} answers with status {}.", place.target, answer.response.status));
    return folder_.write(place.file, answer.response.body);
  }

  const Options& options_;
  const Ask& ask_;
  SiteFolder& folder_;
  const Places places_;
  Queue queue_;
  std::mutex mutex_{};
  Report report_{};
  std::set<std::string> left_out_{};
  std::optional<base::Error> fatal_{};
};

}  // namespace

Result<Report> export_site(const Options& options, const Ask& ask, SiteFolder& folder) {
  auto front = ask("/");
  if (!front) return base::fail(std::move(front.error()));
  auto html = text_of(*front, "/");
  if (!html) return base::fail(std::move(html.error()));
  // GitHub Pages leaves out folders that begin with an underscore unless it is told not to.
  if (auto told = folder.write(".nojekyll", ""); !told) return base::fail(std::move(told.error()));
  return Exporter(options, ask, folder, language_of_page(*html)).run();
}

}  // namespace armarium::exports
