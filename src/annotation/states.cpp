#include "annotation/states.h"

#include <random>

#include <fmt/format.h>

#include "base/hash.h"

namespace armarium::annotation {
namespace {

namespace state = iiif::content_state;
using store::Batch;
using store::ContentStateRow;

using state::kHere;

constexpr std::string_view kSecret = "states.secret";

std::string new_secret() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

void change_base(std::string& address, std::string_view from, std::string_view to) {
  if (address.starts_with(from)) address = std::string(to) + address.substr(from.size());
}

void change_base(state::Targets& targets, std::string_view from, std::string_view to) {
  for (state::Target& target : targets) {
    change_base(target.id, from, to);
    change_base(target.manifest, from, to);
  }
}

}  // namespace

base::Result<std::string> States::keep(const state::Targets& targets, std::string_view who, std::string_view base_url) {
  state::Targets local = targets;
  change_base(local, std::string(base_url) + '/', kHere);
  ContentStateRow row;
  row.document = json::to_text(state::write(local));
  row.who = who;
  auto written = store_.write([&](const store::Reader& before) -> base::Result<Batch> {
    // With a secret of this store: nobody tells by trying names who kept a state, not even after its writer is forgotten.
    auto secret = before.setting(kSecret);
    if (!secret) return base::fail(std::move(secret.error()));
    const bool first = secret->empty();
    if (first) *secret = new_secret();
    row.id = base::hash_hex(fmt::format("{}\n{}\n{}", *secret, who, row.document));
    auto there = before.content_state(row.id);
    if (!there) return base::fail(std::move(there.error()));
    Batch batch;
    if (!*there) batch.content_states.push_back(row);
    if (first) batch.settings.emplace_back(kSecret, *secret);
    return batch;
  });
  if (!written) return base::fail(std::move(written.error()));
  return row.id;
}

base::Result<KeptState> States::find(std::string_view id, std::string_view base_url) const {
  auto reader = store_.read();
  if (!reader) return base::fail(std::move(reader.error()));
  auto row = (*reader)->content_state(id);
  if (!row) return base::fail(std::move(row.error()));
  if (!*row) return base::fail(base::ErrorCode::not_found, "There is no such content state.");
  auto targets = state::read_plain((*row)->document);
  if (!targets)
    return base::fail(base::ErrorCode::corrupt, "The server's database is damaged.", targets.error().message);
  change_base(*targets, kHere, std::string(base_url) + '/');
  return KeptState{std::string(id), std::move(*targets), (*row)->who};
}

base::Result<> States::remove(std::string_view id) {
  auto written = store_.write([&](const store::Reader&) -> base::Result<Batch> {
    Batch batch;
    batch.removed_content_states.emplace_back(id);
    return batch;
  });
  if (!written) return base::fail(std::move(written.error()));
  return {};
}

}  // namespace armarium::annotation
