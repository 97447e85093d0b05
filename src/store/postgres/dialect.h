#pragma once
// From the dialect of sql/connection.h to PostgreSQL's. Pure functions; any thread.

#include <string>
#include <string_view>

namespace armarium::store::postgres {

// ?1 becomes $1, outside of quotes.
std::string translate_query(std::string_view sql);

// INTEGER becomes BIGINT, BLOB BYTEA, TEXT is compared by its bytes; WITHOUT ROWID goes.
std::string translate_definition(std::string_view sql);

}  // namespace armarium::store::postgres
