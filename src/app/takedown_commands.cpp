#include "app/takedown_commands.h"

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "app/control_socket.h"
#include "app/database.h"
#include "app/state_lookup.h"
#include "catalogue/catalogue.h"
#include "pipeline/derivatives.h"

namespace armarium::app {
namespace {

using base::ErrorCode;
using base::Result;
using catalogue::TakenDown;

// The identifier that an address of this server names; empty for anything else.
std::string named_by(const std::string& address) {
  if (!address.starts_with("http") && !address.starts_with("/")) return {};
  for (const char* begin : {"/iiif/", "/item/", "/media/"}) {
    if (const std::size_t at = address.find(begin); at != std::string::npos)
      return catalogue::identifier_in(std::string_view(address).substr(at));
  }
  return {};
}

std::string counts_of(const TakenDown& done) {
  return fmt::format("{} item{}, {} picture{}", done.items.size(), done.items.size() == 1 ? "" : "s",
                     done.pictures.size(), done.pictures.size() == 1 ? "" : "s");
}

Result<std::string> take(const TakedownWays& ways, const std::string& id, const json::Object& request) {
  catalogue::TakedownOrder order{id, std::string(json::text_of(request, "reason")), {}};
  auto done = ways.take_down(order);
  if (!done && done.error().code == ErrorCode::not_found) {
    order.identifier = named_by(id);
    if (!order.identifier.empty()) done = ways.take_down(order);
  }
  if (!done) return base::fail(std::move(done.error()));
  std::string text = fmt::format("{} is taken down: {}.", done->identifier, counts_of(*done));
  if (!done->changed.empty()) text += fmt::format(" {} documents that showed it were changed.", done->changed.size());
  return text + " Backups that are older than this hold it still, and so may the caches of others.";
}

Result<std::string> lift(const TakedownWays& ways, const std::string& id) {
  auto done = ways.lift(id);
  if (!done) return base::fail(std::move(done.error()));
  return fmt::format("{} may be published again. Its files are read anew; what was written about it is gone.", id);
}

Result<std::string> list(const TakedownWays& ways) {
  auto standing = ways.standing();
  if (!standing) return base::fail(std::move(standing.error()));
  std::string text;
  for (const store::TakedownRow& row : *standing) {
    if (row.cause != row.identifier) continue;
    text += fmt::format("{}{}: since {:%Y-%m-%d %H:%M} UTC{}{}{}", text.empty() ? "" : "\n", row.identifier,
                        fmt::gmtime(static_cast<std::time_t>(row.time / 1000)), row.who.empty() ? "" : ", by ", row.who,
                        row.reason.empty() ? "" : ", " + row.reason);
  }
  return text.empty() ? std::string("Nothing is taken down.") : text;
}

}  // namespace

Result<std::string> run_takedown_command(const TakedownWays& ways, const json::Object& request) {
  const std::string_view action = json::text_of(request, "action");
  const std::string id(json::text_of(request, "id"));
  if (action == "take") return take(ways, id, request);
  if (action == "lift") return lift(ways, id);
  if (action == "list") return list(ways);
  return base::fail(ErrorCode::unsupported, "This server does not know that command.");
}

Result<std::string> send_takedown_command(const std::filesystem::path& folder, const std::filesystem::path& state,
                                          const json::Object& request) {
  auto found = find_state(folder, state);
  if (!found) return base::fail(std::move(found.error()));
  auto answer = ask_server(*found, request);
  if (answer || answer.error().code != ErrorCode::not_found) return answer;
  auto own = store::StateFolder::open(folder, *found);
  if (!own) return base::fail(std::move(own.error()));
  auto database = database_for_commands(**own);
  if (!database) return base::fail(std::move(database.error()));
  auto store = open_store(**own, *database);
  if (!store) return base::fail(std::move(store.error()));
  catalogue::Catalogue catalogue(**store);
  const TakedownWays ways{[&](const catalogue::TakedownOrder& order) -> Result<TakenDown> {
                            auto done = catalogue.take_down(order);
                            if (!done) return done;
                            for (const store::AssetRow& picture : done->pictures)
                              pipeline::remove_derivative((*own)->cache() / "derivatives", picture.path, picture.page,
                                                          picture.version);
                            return done;
                          },
                          [&](const std::string& identifier) { return catalogue.lift_takedown(identifier); },
                          [&] { return catalogue.takedown_rows(); }};
  return run_takedown_command(ways, request);
}

}  // namespace armarium::app
