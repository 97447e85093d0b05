#pragma once
// Everything that a set of takedowns withholds, removed from the rows of a store. Inside catalogue only: take_down.h is the door. Belongs to one writing transaction.

#include <map>
#include <set>
#include <string>

#include "catalogue/documents.h"
#include "catalogue/take_down.h"

namespace armarium::catalogue {

class Sweep {
 public:
  // `all`: what stands afterwards, `fresh` among it.
  Sweep(const Takedowns& all, const std::vector<store::TakedownRow>& fresh, const store::Reader& before)
      : all_(all), fresh_(fresh), before_(before) {}
  base::Result<TakedownRows> run() &&;

 private:
  base::Result<> find();
  base::Result<> remove(const store::ItemKey& key);
  base::Result<> tell_gone(const store::ItemRow& row);
  base::Result<> tell_gone_before(const store::ItemKey& key);
  base::Result<> rewrite(const store::ItemKey& key);
  base::Result<bool> rewrite_canvases(store::ItemRow& row);
  base::Result<bool> rewrite_members(store::ItemRow& row);
  bool prune(ItemDocument& document) const;
  void rewrite_below(json::Object& kept) const;
  base::Result<> rewrite_statements(const store::ItemKey& key);
  base::Result<> states();
  base::Result<bool> names_withheld(const json::Value& value) const;
  base::Result<bool> leads_to_withheld(std::string name) const;
  base::Result<> folders();

  const Takedowns& all_;
  const std::vector<store::TakedownRow>& fresh_;
  const store::Reader& before_;
  TakedownRows out_;
  std::set<store::ItemKey> removed_;
  std::set<store::ItemKey> parts_;    // Manifests that lose a Canvas or a picture
  std::set<store::ItemKey> showing_;  // whatever may name it: holders, what people wrote
  std::set<std::string> folders_;
  std::set<std::string> files_;  // paths of files whose pages are withheld
};

// A token that nothing has: the folder is looked at again.
store::FolderRow looked_at_again(store::FolderRow row);

}  // namespace armarium::catalogue
