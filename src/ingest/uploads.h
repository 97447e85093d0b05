#pragma once
// Files on their way into FOLDER. The bytes of each lie in FOLDER/.armarium/uploads, on the disk as soon as they are acknowledged, so that an upload goes on where it stopped after the connection
// or the server ended; whole, it is moved to its place (placement.h). Thread-safe; every call blocks on the disk. What nobody goes on with is removed after a while.
//
// One request at a time writes to an upload, by a Writer; another one is a conflict, but for a writer that has been still for some seconds: its client is gone, and it is pushed aside.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "ingest/checksum.h"
#include "ingest/placement.h"
#include "ingest/upload_record.h"
#include "source/file_descriptor.h"
#include "store/store.h"

namespace armarium::ingest {

struct UploadOptions {
  std::filesystem::path root;
  bool enabled = false;
  std::uint64_t largest = std::uint64_t{16} << 30;        // of one
  std::uint64_t together = std::uint64_t{64} << 30;       // of those that are not finished, as they will be
  std::size_t most = 1000;                                // that are not finished
  std::size_t most_of_one = 200;                          // of one user
  std::chrono::seconds lifetime{std::chrono::hours(72)};  // without a byte
  std::chrono::seconds still{2};                          // after which a writer may be pushed aside
  std::function<bool(const std::string& who)> is_user;    // uploads of somebody who is gone go, too
  std::function<void(const std::string& path)> placed;    // a file came to its place; on any thread
  store::Store* store = nullptr;                          // keeps who sent what
};

struct UploadStatus {
  std::string id{};
  UploadRecord record{};
  std::uint64_t offset = 0;
  std::int64_t expires = 0;  // seconds since 1970
  bool finished = false;     // in its place
  std::string tag{};         // of the file in its place, where this call put it there
};

class Uploads {
 public:
  // What a client says about the bytes that it sends: the algorithm and the digest.
  struct Sum {
    std::string algorithm{};
    std::string digest{};
  };
  class Writer;

  static base::Result<std::unique_ptr<Uploads>> open(UploadOptions options);
  ~Uploads();
  Uploads(const Uploads&) = delete;
  Uploads& operator=(const Uploads&) = delete;

  // Puts what is whole in its place, and sweeps now and then, on a thread of its own.
  void start();
  void stop();

  const UploadOptions& options() const noexcept { return options_; }
  // forbidden where nothing can be put into FOLDER.
  base::Result<> ready() const;
  // too_large, storage_full, budget_spent, precondition_failed, conflict, forbidden. A file without a byte is in its place at once.
  base::Result<UploadStatus> create(UploadRecord record);
  // not_found, gone; forbidden for another user than `who`. What is whole and not in its place yet is put there.
  base::Result<UploadStatus> look(const std::string& id, std::string_view who);
  // conflict: `offset` is not where it goes on, or somebody writes. invalid_argument: no such algorithm, or no digest of it.
  base::Result<std::unique_ptr<Writer>> write(const std::string& id, std::string_view who, std::uint64_t offset,
                                              const std::optional<Sum>& sum);
  base::Result<> remove(const std::string& id, std::string_view who);
  // Removes what nobody goes on with.
  void sweep();
  // What was sent, by number, after `after`.
  base::Result<std::vector<store::SentFileRow>> sent(std::uint64_t after, std::size_t limit) const;
  // Of the file at a path below FOLDER, as If-Match names it; nothing where there is none.
  base::Result<std::optional<std::string>> tag(std::string_view path) const { return placement_.tag(path); }

 private:
  struct Item;
  using ItemPtr = std::shared_ptr<Item>;

  Uploads(UploadOptions options, source::FileDescriptor root);
  base::Result<> make_folder();
  base::Result<> load();
  void load_one(const std::string& id);
  void settle();
  void run(const std::stop_token& stop);
  base::Result<> admit(const UploadRecord& record, const ItemPtr& item);
  base::Result<ItemPtr> find(const std::string& id, std::string_view who);
  std::filesystem::path record_file(const std::string& id) const;
  // Under the item's lock.
  base::Result<> save(const Item& item) const;
  void push_aside(Item& item) const;
  base::Result<> place(Item& item);
  void note(Item& item) const;
  void erase(Item& item);
  UploadStatus status_of(const Item& item) const;
  std::int64_t expires(const Item& item) const;

  UploadOptions options_;
  source::FileDescriptor root_;
  source::FileDescriptor folder_;  // of the unfinished; not open where they cannot be
  Placement placement_;
  std::mutex mutex_;  // of what follows; nobody waits for an item's under it
  std::condition_variable_any wake_;
  std::map<std::string, ItemPtr> items_;
  std::jthread thread_;
};

// Takes the bytes of one request; gives its place free when it goes. What came with a checksum that was not compared is forgotten then. One thread at a time; the Uploads must outlive it.
class Uploads::Writer {
 public:
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // too_large past the end; conflict where somebody else goes on with it now; storage_full, io.
  base::Result<> add(base::ByteView bytes);
  // What may still come.
  std::uint64_t room() const;
  // After the last byte. corrupt: the checksum is another, and nothing was kept. Whole, the file is in its place afterwards, or the error says why not.
  base::Result<UploadStatus> end();

 private:
  friend class Uploads;
  Writer(Uploads& uploads, ItemPtr item, std::uint64_t number, source::FileDescriptor file, std::optional<Checksum> sum,
         std::string expected);
  base::Result<> compare();

  Uploads& uploads_;
  ItemPtr item_;
  std::uint64_t number_;
  source::FileDescriptor file_;
  std::optional<Checksum> sum_;
  std::string expected_;
};

}  // namespace armarium::ingest
