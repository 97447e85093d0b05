#include "auth/authenticator.h"

#include <stdlib.h>

#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "auth/rate_limit.h"
#include "auth/users.h"
#include "store/sqlite/sqlite_accounts.h"

namespace armarium::auth {
namespace {

using base::ErrorCode;

const std::string kPassword = "correct horse battery";
const std::string kClient = "192.0.2.7";

class AuthenticatorTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "armarium-auth-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    auto opened = store::open_sqlite_accounts(folder_ / "a.sqlite");
    ASSERT_TRUE(opened) << opened.error().detail;
    accounts_ = std::move(*opened);
    restart();
  }
  void TearDown() override {
    authenticator_.reset();
    accounts_.reset();
    std::filesystem::remove_all(folder_);
  }
  void restart() {
    AuthenticatorOptions options;
    options.now = [this] { return now_; };
    auto made = Authenticator::create(*accounts_, options);
    ASSERT_TRUE(made);
    authenticator_ = std::move(*made);
  }
  Users users() { return Users(*accounts_); }
  static Credentials basic(std::string name, std::string password) {
    return {.kind = Credentials::Kind::basic, .name = std::move(name), .secret = std::move(password)};
  }
  static Credentials bearer(std::string token) {
    return {.kind = Credentials::Kind::bearer, .name = {}, .secret = std::move(token)};
  }
  std::optional<base::Principal> known(const Credentials& credentials) {
    return authenticator_->known(authenticator_->fingerprint(credentials));
  }
  ErrorCode code_of(const Credentials& credentials, const std::string& client = kClient) {
    auto who = authenticator_->verify(credentials, client);
    return who ? ErrorCode::internal : who.error().code;
  }

  // Another one each time.
  std::string wrong() { return "wrong " + std::to_string(++wrongs_); }

  std::filesystem::path folder_;
  int wrongs_ = 0;
  std::int64_t now_ = now_in_milliseconds();
  std::unique_ptr<store::Accounts> accounts_;
  std::unique_ptr<Authenticator> authenticator_;
};

TEST_F(AuthenticatorTest, SignsInByPasswordAndRemembers) {
  EXPECT_FALSE(authenticator_->has_users());
  ASSERT_TRUE(users().add("ada", kPassword, {"editor"}));
  EXPECT_TRUE(authenticator_->has_users());
  EXPECT_FALSE(known(basic("ada", kPassword)));
  const auto who = authenticator_->verify(basic("ada", kPassword), kClient);
  ASSERT_TRUE(who) << who.error().message;
  EXPECT_EQ(who->name, "ada");
  EXPECT_EQ(who->roles, std::vector<std::string>{"editor"});
  EXPECT_TRUE(may(*who, Permission::edit));
  EXPECT_FALSE(may(*who, Permission::administer));
  EXPECT_EQ(who->tier, "public");
  ASSERT_TRUE(known(basic("ada", kPassword)));
  EXPECT_FALSE(known(basic("ada", kPassword + "x")));
  EXPECT_FALSE(known(bearer(kPassword)));
  now_ += 301'000;
  EXPECT_FALSE(known(basic("ada", kPassword)));
}

TEST_F(AuthenticatorTest, TheSamePasswordInOtherCodePointsIsTheSame) {
  ASSERT_TRUE(users().add("e\xcc\x81va", "pa\xcc\x88ssword-long", {}));
  const auto sent = parse_authorization("Basic w6l2YTpww6Rzc3dvcmQtbG9uZw==");  // composed
  ASSERT_TRUE(sent);
  EXPECT_TRUE(authenticator_->verify(*sent, kClient));
}

TEST_F(AuthenticatorTest, AnyChangeDropsWhatWasRemembered) {
  ASSERT_TRUE(users().add("ada", kPassword, {"editor"}));
  ASSERT_TRUE(authenticator_->verify(basic("ada", kPassword), kClient));
  ASSERT_TRUE(users().change("ada", {.roles = std::vector<std::string>{"reader"}}));
  EXPECT_FALSE(known(basic("ada", kPassword)));
  EXPECT_FALSE(may(*authenticator_->verify(basic("ada", kPassword), kClient), Permission::edit));
  ASSERT_TRUE(users().change("ada", {.password = "another password"}));
  EXPECT_FALSE(known(basic("ada", kPassword)));
  EXPECT_EQ(code_of(basic("ada", kPassword)), ErrorCode::unauthenticated);
  EXPECT_TRUE(authenticator_->verify(basic("ada", "another password"), kClient));
  ASSERT_TRUE(users().change("ada", {.disabled = true}));
  EXPECT_FALSE(known(basic("ada", "another password")));
  EXPECT_EQ(code_of(basic("ada", "another password")), ErrorCode::unauthenticated);
}

TEST_F(AuthenticatorTest, NoAnswerTellsWhetherANameExists) {
  ASSERT_TRUE(users().add("ada", kPassword, {}));
  ASSERT_TRUE(users().add("robot", std::nullopt, {}));
  ASSERT_TRUE(users().add("gone", kPassword, {}));
  ASSERT_TRUE(users().change("gone", {.disabled = true}));
  const auto wrong = authenticator_->verify(basic("ada", "wrong password"), kClient);
  for (const auto& other : {basic("nobody", kPassword), basic("robot", ""), basic("gone", kPassword), basic("", "x")}) {
    const auto answer = authenticator_->verify(other, kClient);
    ASSERT_FALSE(answer) << other.name;
    EXPECT_EQ(answer.error().code, wrong.error().code);
    EXPECT_EQ(answer.error().message, wrong.error().message);
  }
}

TEST_F(AuthenticatorTest, ANameWaitsLongerEachTime) {
  ASSERT_TRUE(users().add("ada", kPassword, {}));
  for (const char* name : {"ada", "nobody"}) {  // a name that there is not waits as well
    for (int i = 0; i < 6; ++i)
      EXPECT_EQ(code_of(basic(name, wrong()), "192.0.2." + std::to_string(i)), ErrorCode::unauthenticated);
    const auto locked = authenticator_->verify(basic(name, kPassword), "192.0.2.99");
    ASSERT_FALSE(locked);
    EXPECT_EQ(locked.error().code, ErrorCode::budget_spent);
    EXPECT_EQ(locked.error().retry_after, 2U);
  }
  restart();  // no way out
  EXPECT_EQ(code_of(basic("ada", kPassword)), ErrorCode::budget_spent);
  now_ += 2000;
  EXPECT_EQ(code_of(basic("ada", wrong())), ErrorCode::unauthenticated);
  EXPECT_EQ(authenticator_->verify(basic("ada", kPassword), kClient).error().retry_after, 4U);
  now_ += 4000;
  EXPECT_TRUE(authenticator_->verify(basic("ada", kPassword), kClient));
  EXPECT_EQ(code_of(basic("ada", wrong())), ErrorCode::unauthenticated);  // from the beginning
  EXPECT_TRUE(authenticator_->verify(basic("ada", kPassword), kClient));
}

TEST_F(AuthenticatorTest, TheSameMistakeIsOneAttempt) {
  ASSERT_TRUE(users().add("ada", kPassword, {}));
  const std::string key = text_of(make_key());
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(code_of(basic("ada", "old password")), ErrorCode::unauthenticated);
    EXPECT_EQ(code_of(bearer(key)), ErrorCode::unauthenticated);
  }
  EXPECT_TRUE(authenticator_->verify(basic("ada", kPassword), kClient));
  ASSERT_TRUE(users().change("ada", {.password = "old password"}));  // now it is the new one
  EXPECT_TRUE(authenticator_->verify(basic("ada", "old password"), kClient));
}

TEST_F(AuthenticatorTest, WhoIsSignedInStaysWhileTheNameWaits) {
  ASSERT_TRUE(users().add("ada", kPassword, {}));
  ASSERT_TRUE(authenticator_->verify(basic("ada", kPassword), kClient));
  for (int i = 0; i < 6; ++i) (void)authenticator_->verify(basic("ada", wrong()), "198.51.100.1");
  EXPECT_EQ(code_of(basic("ada", wrong()), "198.51.100.1"), ErrorCode::budget_spent);
  EXPECT_TRUE(known(basic("ada", kPassword)));
}

TEST_F(AuthenticatorTest, NobodyShutsAUserOutFromElsewhere) {
  ASSERT_TRUE(users().add("ada", kPassword, {}));
  ASSERT_TRUE(authenticator_->verify(basic("ada", kPassword), kClient));
  for (int i = 0; i < 6; ++i) (void)authenticator_->verify(basic("ada", wrong()), "198.51.100.1");
  EXPECT_EQ(code_of(basic("ada", kPassword), "203.0.113.1"), ErrorCode::budget_spent);
  restart();
  EXPECT_TRUE(authenticator_->verify(basic("ada", kPassword), kClient));
  EXPECT_EQ(code_of(basic("ada", kPassword), "203.0.113.1"), ErrorCode::budget_spent);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(code_of(basic("ada", wrong())), ErrorCode::unauthenticated);
  EXPECT_EQ(code_of(basic("ada", kPassword)), ErrorCode::budget_spent);  // but not without end
}

TEST_F(AuthenticatorTest, AClientWaitsWhateverTheName) {
  const auto key = [] { return text_of(make_key()); };
  for (int i = 0; i < 21; ++i) EXPECT_EQ(code_of(bearer(key()), "2001:db8::1"), ErrorCode::unauthenticated);
  EXPECT_EQ(code_of(bearer(key()), "2001:db8::2:3"), ErrorCode::budget_spent);  // the same network
  EXPECT_EQ(code_of(basic("new", "x"), "2001:db8::4"), ErrorCode::budget_spent);
  EXPECT_EQ(code_of(bearer(key()), "2001:db8:0:1::1"), ErrorCode::unauthenticated);
}

TEST_F(AuthenticatorTest, PasswordsForManyNamesCountForTheClient) {
  for (int i = 0; i < 21; ++i) EXPECT_EQ(code_of(basic("n" + std::to_string(i), "x")), ErrorCode::unauthenticated);
  EXPECT_EQ(code_of(basic("another", "x")), ErrorCode::budget_spent);
  EXPECT_EQ(code_of(basic("another", "x"), "192.0.2.8"), ErrorCode::unauthenticated);
}

TEST_F(AuthenticatorTest, KeysOpenUntilTheyExpireOrAreRevoked) {
  ASSERT_TRUE(users().add("ada", std::nullopt, {"editor"}));
  const auto key = users().add_key("ada", {"edit"}, 1);
  ASSERT_TRUE(key);
  const auto who = authenticator_->verify(bearer(key->text), kClient);
  ASSERT_TRUE(who) << who.error().message;
  EXPECT_EQ(who->name, "ada");
  EXPECT_TRUE(may(*who, Permission::edit));
  EXPECT_FALSE(may(*who, Permission::annotate));
  EXPECT_EQ(users().keys("ada")->front().last_day, now_ / 86'400'000);
  EXPECT_EQ(key->row.hash.find(key->text.substr(17)), std::string::npos);
  std::string other = key->text;
  other.back() = other.back() == 'a' ? 'b' : 'a';
  EXPECT_EQ(code_of(bearer(other)), ErrorCode::unauthenticated);

  now_ = key->row.expires - 1000;
  EXPECT_TRUE(authenticator_->verify(bearer(key->text), kClient));
  EXPECT_TRUE(known(bearer(key->text)));
  now_ = key->row.expires;
  EXPECT_FALSE(known(bearer(key->text)));
  EXPECT_EQ(code_of(bearer(key->text)), ErrorCode::unauthenticated);

  const auto lasting = users().add_key("ada", {}, 0);
  ASSERT_TRUE(authenticator_->verify(bearer(lasting->text), kClient));
  ASSERT_TRUE(users().revoke_key("ada", lasting->row.id));
  EXPECT_FALSE(known(bearer(lasting->text)));
  EXPECT_EQ(code_of(bearer(lasting->text)), ErrorCode::unauthenticated);

  const auto third = users().add_key("ada", {}, 0);
  ASSERT_TRUE(users().change("ada", {.disabled = true}));
  EXPECT_EQ(code_of(bearer(third->text)), ErrorCode::unauthenticated);
  ASSERT_TRUE(users().change("ada", {.disabled = false}));
  EXPECT_TRUE(authenticator_->verify(bearer(third->text), kClient));
  ASSERT_TRUE(users().remove("ada"));
  EXPECT_EQ(code_of(bearer(third->text)), ErrorCode::unauthenticated);
}

TEST_F(AuthenticatorTest, UsersAreCheckedBeforeTheyAreKept) {
  EXPECT_EQ(users().add("a:b", kPassword, {}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(users().add("ada", "short", {}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(users().add("ada", kPassword, {"emperor"}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(accounts_->users(), 0U);
  ASSERT_TRUE(users().add("ada", kPassword, {"reader", "reader"}));
  EXPECT_EQ(users().add("ada", kPassword, {}).error().code, ErrorCode::conflict);
  EXPECT_EQ((*accounts_->user("ada"))->roles, std::vector<std::string>{"reader"});
  EXPECT_EQ(users().change("bob", {}).error().code, ErrorCode::not_found);
  EXPECT_EQ(users().add_key("bob", {}, 0).error().code, ErrorCode::not_found);
  EXPECT_EQ(users().add_key("ada", {"editor"}, 0).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(users().revoke_key("ada", "x").error().code, ErrorCode::not_found);
  EXPECT_EQ(users().remove("bob").error().code, ErrorCode::not_found);
  EXPECT_TRUE(users().forget("bob"));
}

TEST_F(AuthenticatorTest, ParallelAttemptsAreNoWayAroundTheWait) {
  {
    std::vector<std::jthread> threads;
    threads.reserve(12);
    for (int i = 0; i < 12; ++i)
      threads.emplace_back([&, i] { (void)authenticator_->verify(basic("ada", std::to_string(i)), kClient); });
  }
  EXPECT_EQ(code_of(basic("ada", "again")), ErrorCode::budget_spent);
  ASSERT_TRUE(users().forget("ada"));
  EXPECT_EQ(code_of(basic("ada", "again")), ErrorCode::unauthenticated);
}

TEST(Lockout, WaitsDoubleUpToTheLongest) {
  const LockoutPolicy policy;
  EXPECT_EQ(wait_after(5, 5, policy), std::chrono::seconds(0));
  EXPECT_EQ(wait_after(6, 5, policy), std::chrono::seconds(2));
  EXPECT_EQ(wait_after(7, 5, policy), std::chrono::seconds(4));
  EXPECT_EQ(wait_after(14, 5, policy), std::chrono::seconds(512));
  EXPECT_EQ(wait_after(15, 5, policy), std::chrono::seconds(900));
  EXPECT_EQ(wait_after(~0ULL, 5, policy), std::chrono::seconds(900));
}

TEST(Lockout, CountsAnIpv6NetworkTogether) {
  EXPECT_EQ(client_network("2001:db8:1:2:3::4"), "2001:db8:1:2::");
  EXPECT_EQ(client_network("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client_network("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client_network("unknown"), "unknown");
}

}  // namespace
}  // namespace armarium::auth
