#pragma once
// For specifications of a few types: their table, and two functions for what it cannot say.

#include "check/walk.h"

namespace armarium::check {

using CustomRule = void (*)(std::string_view name, const json::Value& value, const Step& step, const Place& place,
                            Report& report);
using EnterRule = void (*)(const Step& step, Report& report);

class SmallRules final : public Rules {
 public:
  SmallRules(Report& report, CustomRule on_custom, EnterRule on_enter)
      : report_(report), custom_(on_custom), enter_(on_enter) {}
  void enter(const Step& step) override {
    if (enter_ != nullptr) enter_(step, report_);
  }
  void custom(std::string_view name, const json::Value& value, const Step& step, const Place& place) override {
    if (custom_ != nullptr) custom_(name, value, step, place, report_);
  }
  // These documents are open: a profile of them may say more.
  bool extends(const Step&, std::string_view) override { return true; }

 private:
  Report& report_;
  CustomRule custom_;
  EnterRule enter_;
};

}  // namespace armarium::check
