#include "ingest/record_table.h"

#include "ingest/readers/record_file.h"

namespace armarium::ingest {

void RecordTable::read(std::string_view bytes, std::string_view name, const std::set<std::string>& folders,
                       const Crosswalk& crosswalk) {
  std::set<std::string> wanted;
  for (const std::string& folder : folders) wanted.insert(readers::simplified_number(folder));
  // What is wrong with it is said where the folder of the file is looked at.
  (void)readers::each_record(bytes, [&](const readers::Record& record) {
    for (const std::string& number : record.identifiers) {
      const std::string folder = readers::simplified_number(number);
      if (!wanted.contains(folder)) continue;
      by_folder_.try_emplace(folder, readers::publish(record, crosswalk, name));
      break;
    }
    return true;
  });
}

const iiif::Description* RecordTable::find(std::string_view folder) const {
  const auto found = by_folder_.find(readers::simplified_number(folder));
  return found == by_folder_.end() ? nullptr : &found->second;
}

}  // namespace armarium::ingest
