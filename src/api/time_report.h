#pragma once
// Where the time of answers went since the start, for /status: by what was asked for and what was done, the number of answers and the time of each stage. Pure but for the accounts; any thread.

#include "api/site/pages.h"
#include "http/accounts.h"
#include "json/writer.h"

namespace armarium::api {

namespace site {
class Locale;
}

// Writes the value of a member: an array of {route, plan, answers, bytes, bytes_read, milliseconds: {wait, …, total}}, the costliest first.
void write_times(json::Writer& writer, const http::Accounts& accounts);
site::StatusPage::Table time_table(const http::Accounts& accounts, const site::Locale& locale);

}  // namespace armarium::api
