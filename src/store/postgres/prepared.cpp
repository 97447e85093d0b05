#include "store/postgres/prepared.h"

#include <charconv>
#include <utility>

namespace armarium::store::postgres {

void PostgresPrepared::bind(int place, std::string_view value, bool binary) {
  const auto index = static_cast<std::size_t>(place - 1);
  if (values_.size() <= index) {
    values_.resize(index + 1, nullptr);
    lengths_.resize(index + 1, 0);
    formats_.resize(index + 1, 0);
  }
  values_[index] = value.data() == nullptr ? "" : value.data();
  lengths_[index] = static_cast<int>(value.size());
  formats_[index] = binary ? 1 : 0;
}

void PostgresPrepared::bind_text(int place, std::string_view value) {
  if (!sql::is_text(value)) holds_no_text_ = true;
  bind(place, value, true);  // the binary form of a text is the text, and needs no NUL at its end
}

void PostgresPrepared::bind_number(int place, std::int64_t value) {
  auto& buffer = digits_.emplace_back();
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size() - 1, value).ptr;
  *end = '\0';
  bind(place, std::string_view(buffer.data(), static_cast<std::size_t>(end - buffer.data())), false);
}

bool PostgresPrepared::send() const {
  return PQsendQueryPrepared(connection_.handle(), name_.c_str(), static_cast<int>(values_.size()), values_.data(),
                             lengths_.data(), formats_.data(), 1) == 1;
}

base::Result<> PostgresPrepared::fetch() {
  if (holds_no_text_) return base::fail(sql::no_text());
  if (auto settled = connection_.settle(); !settled) return settled;
  rows_.reset(PQexecPrepared(connection_.handle(), name_.c_str(), static_cast<int>(values_.size()), values_.data(),
                             lengths_.data(), formats_.data(), 1));
  const ExecStatusType status = PQresultStatus(rows_.get());
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return {};
  return base::fail(error_of(connection_.handle(), rows_.get(), sql_));
}

base::Result<bool> PostgresPrepared::step() {
  if (!rows_) {
    if (auto fetched = fetch(); !fetched) return base::fail(std::move(fetched.error()));
    row_ = -1;
  }
  return ++row_ < PQntuples(rows_.get());
}

base::Result<> PostgresPrepared::run() {
  if (holds_no_text_) return base::fail(sql::no_text());
  if (connection_.writing_) return connection_.send(*this);
  return fetch();
}

std::string_view PostgresPrepared::bytes_at(int column) const {
  return {PQgetvalue(rows_.get(), row_, column), static_cast<std::size_t>(PQgetlength(rows_.get(), row_, column))};
}

// Booleans and integers of 2, 4 or 8 bytes, in network order.
std::int64_t PostgresPrepared::number_at(int column) const {
  const std::string_view bytes = bytes_at(column);
  if (bytes.empty()) return 0;
  std::uint64_t value = (static_cast<unsigned char>(bytes.front()) & 0x80U) != 0 && bytes.size() > 1 ? ~0ULL : 0;
  for (const char c : bytes) value = (value << 8U) | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(value);
}

void PostgresPrepared::reset() noexcept {
  rows_.reset();
  row_ = -1;
  digits_.clear();
  holds_no_text_ = false;
}

}  // namespace armarium::store::postgres
