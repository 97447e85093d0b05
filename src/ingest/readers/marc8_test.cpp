#include "ingest/readers/marc8.h"

#include <gtest/gtest.h>

namespace armarium::ingest::readers {
namespace {

TEST(Marc8, DiacriticsGoBehindTheirLetterAndAreComposed) {
  EXPECT_EQ(marc8_text("plain").text, "plain");
  EXPECT_EQ(marc8_text("Andre\xE6i").text, "Andre\u012D");
  EXPECT_EQ(marc8_text("\xE8"
                       "Uber")
                .text,
            "\u00DC"
            "ber");
  EXPECT_EQ(marc8_text("\xE2"
                       "Elie")
                .text,
            "\u00C9"
            "lie");
  EXPECT_EQ(marc8_text("zhizn\xA7").text, "zhizn\u02B9");
  EXPECT_EQ(marc8_text("\xF2\xE5"
                       "a")
                .text,
            "\u1EA1\u0304");  // two on one letter
  EXPECT_EQ(marc8_text("\xC3 1998, \xA1\xC7\xC8").text, "\u00A9 1998, \u0141\u00DF\u20AC");
  EXPECT_EQ(marc8_text("\xEBi\xEC"
                       "a")
                .text,
            "i\uFE20"
            "a\uFE21");
  EXPECT_EQ(marc8_text("The \x88"
                       "a\x89 b")
                .text,
            "The a b");
}

TEST(Marc8, EscapesChangeTheSet) {
  EXPECT_EQ(marc8_text("\x1B(NmIR\x1B(B end").text, "\u041C\u0438\u0440 end");
  EXPECT_EQ(marc8_text("\x1B(SABD\x1B(B").text, "\u0391\u0392\u0393");
  EXPECT_EQ(marc8_text("H\x1B"
                       "b2\x1BsO")
                .text,
            "H\u2082O");
  EXPECT_EQ(marc8_text("m\x1Bp3\x1Bs").text, "m\u00B3");
  EXPECT_EQ(marc8_text("\x1Bga\x1Bs-ray").text, "\u03B1-ray");
}

TEST(Marc8, WhatIsNotConvertedIsCounted) {
  const Marc8Text east = marc8_text("\x1B$1!0!!0#\x1B(B ok");
  EXPECT_EQ(east.text, "\u3013\u3013 ok");
  EXPECT_EQ(east.east_asian, 2U);
  EXPECT_EQ(marc8_text("a\x81"
                       "b")
                .unknown,
            1U);
  EXPECT_EQ(marc8_text("end\x1B").unknown, 1U);
  EXPECT_EQ(marc8_text("\xE6").unknown, 0U);
}

}  // namespace
}  // namespace armarium::ingest::readers
