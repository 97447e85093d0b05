#include "app/control_socket.h"

#include <gtest/gtest.h>

namespace armarium::app {
namespace {

TEST(ControlSocket, AsksAndAnswersInADeepFolder) {
  const std::filesystem::path state =
      std::filesystem::path(testing::TempDir()) / std::string(90, 'd') / std::string(90, 'e');
  std::filesystem::create_directories(state);
  json::Object request;
  request["command"] = "rescan";
  EXPECT_EQ(ask_server(state, request).error().code, base::ErrorCode::not_found);
  {
    auto socket = ControlSocket::listen(state, [](const json::Object& asked) -> base::Result<std::string> {
      if (json::text_of(asked, "command") != "rescan") return base::fail(base::ErrorCode::invalid_argument, "what?");
      return std::string("done\nit is");
    });
    ASSERT_TRUE(socket) << socket.error().detail;
    EXPECT_EQ(ask_server(state, request), "done\nit is");
    request["command"] = "dance";
    EXPECT_EQ(ask_server(state, request).error().message, "what?");
  }
  EXPECT_EQ(ask_server(state, request).error().code, base::ErrorCode::not_found);
  std::filesystem::remove_all(std::filesystem::path(testing::TempDir()) / std::string(90, 'd'));
}

}  // namespace
}  // namespace armarium::app
