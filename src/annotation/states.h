#pragma once
// Content states that people keep here, to be served at an address of their own. What is ours in them is stored without a host. Thread-safe; blocks on the database.

#include <string>
#include <string_view>

#include "base/error.h"
#include "iiif/content_state.h"
#include "store/store.h"

namespace armarium::annotation {

struct KeptState {
  std::string id;
  iiif::content_state::Targets targets;
  std::string who;  // empty: its writer was forgotten
};

class States {
 public:
  // The store must live longer.
  explicit States(store::Store& store) : store_(store) {}

  // The same state of the same person has the same id. `base_url`: what addresses of this server begin with.
  base::Result<std::string> keep(const iiif::content_state::Targets& targets, std::string_view who,
                                 std::string_view base_url);
  // not_found where there is none.
  base::Result<KeptState> find(std::string_view id, std::string_view base_url) const;
  base::Result<> remove(std::string_view id);

 private:
  store::Store& store_;
};

}  // namespace armarium::annotation
