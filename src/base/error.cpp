#include "base/error.h"

#include <array>

namespace armarium::base {

const char* name_of(ErrorCode code) noexcept {
  static constexpr std::array kNames = {"invalid_argument",
                                        "over_limit",
                                        "unauthenticated",
                                        "forbidden",
                                        "not_found",
                                        "gone",
                                        "withheld",
                                        "not_acceptable",
                                        "method_not_allowed",
                                        "conflict",
                                        "precondition_failed",
                                        "precondition_missing",
                                        "unsupported_type",
                                        "too_large",
                                        "unsupported",
                                        "wrong_host",
                                        "corrupt",
                                        "resource_limit",
                                        "not_ready",
                                        "overloaded",
                                        "budget_spent",
                                        "deadline_exceeded",
                                        "cancelled",
                                        "io",
                                        "storage_full",
                                        "unavailable",
                                        "internal"};
  static_assert(kNames.size() == static_cast<std::size_t>(ErrorCode::internal) + 1);
  return kNames.at(static_cast<std::size_t>(code));
}

}  // namespace armarium::base
