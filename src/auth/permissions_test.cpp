#include "auth/permissions.h"

#include <gtest/gtest.h>

namespace armarium::auth {
namespace {

using Words = std::vector<std::string>;

base::Principal with(Permissions permissions) {
  base::Principal who;
  who.name = "ada";
  who.permissions = permissions;
  return who;
}

TEST(Permissions, EachRoleHoldsThoseBelow) {
  Permissions before = 0;
  for (const char* role : {"reader", "contributor", "reviewer", "editor", "administrator"}) {
    const Permissions now = permissions_of_roles(Words{role});
    EXPECT_EQ(now & before, before);
    EXPECT_NE(now, before);
    before = now;
  }
}

TEST(Permissions, AreThoseOfTheTable) {
  const base::Principal reviewer = with(permissions_of_roles(Words{"reviewer"}));
  EXPECT_TRUE(may(reviewer, Permission::read));
  EXPECT_TRUE(may(reviewer, Permission::annotate));
  EXPECT_TRUE(may(reviewer, Permission::review));
  EXPECT_FALSE(may(reviewer, Permission::edit));
  EXPECT_FALSE(may(reviewer, Permission::administer));
  EXPECT_FALSE(may(base::Principal::public_visitor(), Permission::read));
  EXPECT_EQ(permissions_of_roles(Words{}), 0);
  EXPECT_EQ(permissions_of_roles(Words{"emperor"}), 0);
}

TEST(Permissions, ScopesNeverAdd) {
  const Permissions scoped = permissions_of_scopes(Words{"edit"});
  const base::Principal editor = with(permissions_of_roles(Words{"editor"}) & scoped);
  EXPECT_TRUE(may(editor, Permission::read));
  EXPECT_TRUE(may(editor, Permission::edit));
  EXPECT_FALSE(may(editor, Permission::annotate));
  EXPECT_FALSE(may(with(permissions_of_roles(Words{"reader"}) & scoped), Permission::edit));
  EXPECT_EQ(permissions_of_scopes(Words{}), permissions_of_roles(Words{"administrator"}));
  EXPECT_EQ(permissions_of_scopes(Words{"nonsense"}), permissions_of_scopes(Words{"read"}));
}

TEST(Permissions, UnknownWordsAreNamed) {
  EXPECT_TRUE(check_roles(Words{"editor", "reader"}));
  const auto wrong = check_roles(Words{"editor", "emperor"});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message,
            "There is no role \"emperor\"; there are reader, contributor, reviewer, editor, administrator.");
  EXPECT_TRUE(check_scopes(Words{"edit"}));
  EXPECT_FALSE(check_scopes(Words{"editor"}));
  EXPECT_EQ(name_of(Permission::administer), "administer");
}

}  // namespace
}  // namespace armarium::auth
