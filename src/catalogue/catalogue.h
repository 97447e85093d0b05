#pragma once
// The only writer of what is published, and its reader. A change set is rows, one revision, activities and invalidation in one transaction. Every read takes the
// principal. Reads give not_found for what is not there or may not be seen, gone for what was deleted. Thread-safe; calls block on the database: never call
// from an I/O thread.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/principal.h"
#include "catalogue/records.h"
#include "catalogue/takedowns.h"
#include "store/store.h"

namespace armarium::catalogue {

class Catalogue {
 public:
  explicit Catalogue(store::Store& store);
  ~Catalogue();

  base::Result<Manifest> manifest(std::string_view identifier, const base::Principal& who) const;
  // The same with one of its Canvases only (none when it is not there): the others are not read.
  base::Result<Manifest> canvas(std::string_view manifest, std::string_view identifier,
                                const base::Principal& who) const;
  // What a document of an item depends on, without reading it: its revision, and whether it is complete.
  struct Standing {
    Revision revision = 0;
    bool complete = true;
  };
  base::Result<Standing> standing(const store::ItemKey& item, const base::Principal& who) const;
  // At most `limit` members after `cursor` (empty: from the start).
  base::Result<Collection> collection(std::string_view identifier, std::string_view cursor, std::size_t limit,
                                      const base::Principal& who) const;
  base::Result<Asset> asset(std::string_view identifier, const base::Principal& who) const;
  // The identifier that an alias, an older identifier or an outside id stands for; not_found when there is none.
  base::Result<std::string> resolve_alias(std::string_view alias) const;
  // Manifests, then collections, by identifier, for the sitemap and lists; at most `limit` after `cursor`, which is empty or cursor_of(the last one).
  base::Result<std::vector<Member>> everything(std::string_view cursor, std::size_t limit,
                                               const base::Principal& who) const;
  static std::string cursor_of(const Member& member);
  std::vector<Problem> problems(std::size_t limit) const;
  std::uint64_t problem_count() const;
  Revision revision() const;  // of the last committed change; cheap

  // What a person wrote; edit.h has the errors. The revision of the item after it. A dry run checks all of it and changes nothing.
  struct Edited {
    Revision revision = 0;
    bool created = false;
  };
  base::Result<Edited> edit(struct Edit edit, bool dry_run);
  // Every version of what was written about an item, the first one first; one of them with its content.
  base::Result<std::vector<store::VersionRow>> versions(const store::ItemKey& item, std::uint64_t after,
                                                        std::size_t limit) const;
  base::Result<store::VersionRow> version(const store::ItemKey& item, std::uint64_t number) const;

  // The error withheld, with the reason, for an identifier that was taken down, or that lies in something that was.
  base::Result<> allowed(std::string_view identifier) const;
  base::Result<TakedownsPtr> takedowns() const;
  // With who ordered them.
  base::Result<std::vector<store::TakedownRow>> takedown_rows() const;
  // Takes an item, a Canvas or a file out of everything; take_down.h has the errors.
  base::Result<struct TakenDown> take_down(const struct TakedownOrder& order);
  base::Result<TakenDown> lift_takedown(const std::string& identifier);
  // After documents changed below the catalogue (a restore): their Collections show other thumbnails.
  base::Result<> show_again(std::vector<store::ItemKey> changed);

  // What one scan of a folder found; see change_set.h. Gives the new revision (the old one when nothing changed).
  base::Result<Revision> apply(const struct ChangeSet& changes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace armarium::catalogue
