#include "store/backup/row_text.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/utf8.h"
#include "json/json.h"

namespace armarium::store::backup {
namespace {

tl::unexpected<base::Error> wrong(std::string_view line) {
  return base::fail(base::ErrorCode::corrupt, "The backup holds a row that does not fit its table.",
                    std::string(line.substr(0, 200)));
}

void append_bytes(std::string& out, std::string_view bytes) {
  if (base::is_utf8(bytes)) {
    json::append_string(out, bytes);
    return;
  }
  out += R"({"hex":")";
  for (const char c : bytes) fmt::format_to(std::back_inserter(out), "{:02x}", static_cast<unsigned char>(c));
  out += "\"}";
}

bool from_hex(std::string_view text, std::string& bytes) {
  if (text.size() % 2 != 0) return false;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    unsigned value = 0;
    const auto end = std::from_chars(text.data() + at, text.data() + at + 2, value, 16).ptr;
    if (end != text.data() + at + 2) return false;
    bytes += static_cast<char>(value);
  }
  return true;
}

bool cell_of(const json::Value& value, const sql::Column& column, Cell& cell) {
  if (column.type == sql::ColumnType::integer) {
    if (!value.is_int64() && !value.is_uint64()) return false;
    cell = value.is_int64() ? value.get_int64() : static_cast<std::int64_t>(value.get_uint64());
    return true;
  }
  if (value.is_string()) {
    cell = std::string(value.get_string());
    return true;
  }
  if (!value.is_object()) return false;
  std::string bytes;
  if (!from_hex(json::text_of(value.get_object(), "hex"), bytes)) return false;
  cell = std::move(bytes);
  return true;
}

}  // namespace

void append_row(std::string& out, const sql::Statement& row, const std::vector<sql::Column>& columns) {
  for (std::size_t place = 0; place < columns.size(); ++place) {
    out += place == 0 ? '[' : ',';
    const int column = static_cast<int>(place);
    if (columns[place].type == sql::ColumnType::integer) {
      fmt::format_to(std::back_inserter(out), "{}", static_cast<std::int64_t>(row.number_at(column)));
    } else {
      append_bytes(out, row.text_at(column));
    }
  }
  out += "]\n";
}

base::Result<std::vector<Cell>> row_of(std::string_view line, const std::vector<sql::Column>& columns) {
  auto parsed = json::parse(line, {.max_depth = 4});
  if (!parsed || !parsed->is_array() || parsed->get_array().size() != columns.size()) return wrong(line);
  std::vector<Cell> cells(columns.size());
  for (std::size_t place = 0; place < columns.size(); ++place) {
    if (!cell_of(parsed->get_array()[place], columns[place], cells[place])) return wrong(line);
  }
  return cells;
}

void bind_cell(sql::Statement& statement, const sql::Column& column, const Cell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    statement.signed_number(*number);
  } else if (column.type == sql::ColumnType::blob) {
    statement.bytes(std::get<std::string>(cell));
  } else {
    statement.text(std::get<std::string>(cell));
  }
}

std::string columns_text(const std::vector<sql::Column>& columns) {
  constexpr std::array kTypes = {"integer", "text", "blob"};
  json::Array list;
  for (const sql::Column& column : columns)
    list.push_back(
        json::Array{json::Value(column.name), json::Value(kTypes.at(static_cast<std::size_t>(column.type)))});
  return json::to_text(list);
}

}  // namespace armarium::store::backup
