#include "api/time_report.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include "api/site/locale.h"

namespace armarium::api {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

struct Kind {
  std::string route;
  std::string plan;
  http::AccountSums sums;
};

void add(http::AccountSums& to, const http::AccountSums& more) {
  to.answers += more.answers;
  to.bytes += more.bytes;
  to.bytes_read += more.bytes_read;
  to.total += more.total;
  for (std::size_t i = 0; i < base::kStages; ++i) to.spent[i] += more.spent[i];
}

// All statuses of a kind together, the costliest kind first.
std::vector<Kind> kinds_of(const http::Accounts& accounts) {
  std::map<std::pair<std::string, std::string>, http::AccountSums> sums;
  for (const http::Accounts::Entry& entry : accounts.list()) add(sums[{entry.route, entry.plan}], entry.sums);
  std::vector<Kind> kinds;
  kinds.reserve(sums.size());
  for (auto& [name, sum] : sums) kinds.push_back({name.first, name.second, sum});
  std::stable_sort(kinds.begin(), kinds.end(),
                   [](const Kind& a, const Kind& b) { return a.sums.total > b.sums.total; });
  return kinds;
}

double milliseconds(base::Timing::Duration duration) {
  return static_cast<double>(std::chrono::duration_cast<std::chrono::microseconds>(duration).count()) / 1000;
}

// A catalogue's own word, else the word that the program uses.
std::string word(const site::Locale& locale, std::string_view family, const std::string& name) {
  const std::string key = std::string(family) + name;
  return locale.has(key) ? locale.text(key) : name;
}

}  // namespace

void write_times(json::Writer& writer, const http::Accounts& accounts) {
  writer.begin_array();
  for (const Kind& kind : kinds_of(accounts)) {
    writer.begin_object().member("route", kind.route).member("plan", kind.plan);
    writer.member("answers", kind.sums.answers).member("bytes", kind.sums.bytes);
    writer.member("bytes_read", kind.sums.bytes_read);
    writer.key("milliseconds").begin_object();
    for (std::size_t i = 0; i < base::kStages; ++i)
      writer.member(base::kStageNames[i], milliseconds(kind.sums.spent[i]));
    writer.member("total", milliseconds(kind.sums.total)).end_object().end_object();
  }
  writer.end_array();
}

site::StatusPage::Table time_table(const http::Accounts& accounts, const site::Locale& locale) {
  site::StatusPage::Table table;
  table.title = locale.text("times");
  table.columns = {locale.text("times_kind"), locale.text("times_answers"), locale.text("times_total")};
  for (const std::string_view stage : base::kStageNames)
    table.columns.push_back(word(locale, "stage: ", std::string(stage)));
  const auto whole = [&locale](base::Timing::Duration duration) {
    return locale.number(static_cast<std::uint64_t>(std::max(0LL, std::llround(milliseconds(duration)))));
  };
  for (const Kind& kind : kinds_of(accounts)) {
    std::vector<std::string> row = {word(locale, "route: ", kind.route) + ": " + word(locale, "plan: ", kind.plan),
                                    locale.number(kind.sums.answers), whole(kind.sums.total)};
    for (const auto& spent : kind.sums.spent) row.push_back(whole(spent));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace armarium::api
