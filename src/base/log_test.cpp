#include "base/log.h"

#include <gtest/gtest.h>

namespace armarium::base::log {
namespace {

TEST(Log, EventsAreOneLineInBothForms) {
  const auto text = [](Format format) {
    return event_text(format, "access",
                      {{"path", "/a\n\"b"},
                       {"client", "10.0.0.0"},
                       {"status", 200},
                       {"bytes", std::uint64_t{7}},
                       {"ms", 1.5},
                       {"complete", true},
                       {"empty", ""}});
  };
  EXPECT_EQ(text(Format::text),
            R"(access path="/a\u000a\"b" client=10.0.0.0 status=200 bytes=7 ms=1.500 complete=true empty="")");
  EXPECT_EQ(
      text(Format::json),
      R"("access","path":"/a\u000a\"b","client":"10.0.0.0","status":200,"bytes":7,"ms":1.500,"complete":true,"empty":"")");
}

}  // namespace
}  // namespace armarium::base::log
