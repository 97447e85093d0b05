#pragma once
// One look at one folder, from the listing to what is published. Inside ingest only: looker.h is the door.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "ingest/folder_document.h"
#include "ingest/looker.h"
#include "ingest/move_finder.h"
#include "ingest/readers/reader.h"

namespace armarium::ingest {

class Look {
 public:
  Look(Looker& owner, const std::string& path, Depth depth, const Budget& budget)
      : owner_(owner), path_(path), depth_(depth), budget_(budget) {}
  base::Result<Outcome> run();

 private:
  base::Result<> know_store();
  void know_children();
  void take_over(const store::Reader& reader, store::FolderRow from);
  void find_moves();
  void find_file_moves(const store::Reader& reader);
  void unreadable(const base::Error& error);
  void redirects();
  void know_taken(const store::Reader& reader);
  void keep_apart(const store::Reader& reader, store::ItemKey key, std::string& identifier);
  bool nothing_new() const;
  bool shall_stop() const;
  MoveFinder move_finder(const store::Reader& reader) const;
  void hide();
  const store::TakedownRow* folder_withheld() const;
  bool moved_from_withheld();
  void withhold();
  void leave_out_withheld();
  void find_moved_withheld();
  bool has_document() const;
  std::string facts_row(const std::string& path, const FileFacts& facts) const;
  void know_facts();
  base::Result<> read_unknown();
  bool narrow_to_wanted();
  void read_texts();
  void build();
  void build_collection();
  void read_documents();
  void read_descriptions();
  void describe(const std::string& below, const readers::Reader& reader, const std::vector<std::string>& files);
  void take(readers::Described described, const std::string& below);
  void take_record(readers::Described described, const std::string& below);
  void name_own_files();
  void add_document(FolderDocument found);
  std::string item_of_subfolder(std::string_view id) const;
  const FolderDocument* document(std::string_view type) const;
  DocumentPlace place_of(const store::Reader& reader, store::ItemKey item, std::set<std::string> labelled) const;
  void lay_manifest(const store::Reader& reader, std::set<std::string> labelled);
  void lay_collection(const store::Reader& reader);
  void keep_ids(const store::Reader& reader, const FolderDocument& document, const LaidDocument& laid);
  void document_problem(const FolderDocument& document, std::string reason, int line = 0);
  void find_vanished();
  void find_vanished_items();
  store::FolderRow folder_row() const;

  Looker& owner_;
  const std::string& path_;
  Depth depth_;
  const Budget& budget_;
  Outcome out_;
  catalogue::TakedownsPtr takedowns_;
  Reading reading_;
  std::optional<store::FolderRow> row_;
  std::optional<store::FolderRow> moved_from_;
  std::unordered_map<std::string, store::FolderRow> children_;  // by path
  std::vector<store::ItemRow> old_items_;
  std::vector<store::ItemRow> moved_items_;
  std::unordered_map<std::string, store::FileRow> old_files_;  // by path below the folder
  FactsMap facts_;
  Texts texts_;
  std::vector<FolderDocument> documents_;
  std::set<std::string> inside_;                                     // descriptions that are part of another
  std::unordered_map<std::string, const CanvasPlan*> companion_of_;  // by path below the folder
  std::size_t sibling_bytes_ = 0;                                    // read by descriptions
  std::vector<store::AliasRow> outside_ids_;                         // of documents
  std::string ids_token_;                                            // of those that lead to items
  std::vector<std::string> unknown_;                                 // paths below the folder
  std::string token_;
  bool outline_ = false;
  bool moves_unknown_ = false;  // there was no time to compare all of a file
  bool children_known_ = true;
  std::optional<store::ItemKey> member_;
  catalogue::ChangeSet changes_{.durability = store::Durability::soon};
  std::vector<catalogue::Problem> problems_;
  static constexpr const char* kDocumentOrigin = "document:";  // of their ids; the path of the folder follows
  std::unordered_map<std::string, std::string> homes_;         // manifest → the folder that publishes it now
  std::set<std::string> used_;                                 // identifiers of this folder's manifests
};

}  // namespace armarium::ingest
