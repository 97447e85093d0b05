#include "pipeline/book_stream.h"

#include <thread>

namespace armarium::pipeline {
namespace {

using base::ErrorCode;
using base::Result;

// A page waits so long for memory that other pictures hold.
constexpr int kTries = 40;
constexpr auto kPause = std::chrono::milliseconds(50);

}  // namespace

Result<MemoryBudget::Share> BookStream::room(const Page& page, const base::CancelToken& cancel) {
  auto estimate = pipeline_.estimate(*page.target, page.numbers, tier_);
  if (!estimate) return base::fail(std::move(estimate.error()));
  if (!estimate->large) return MemoryBudget::Share();
  for (int i = 0; i < kTries; ++i) {
    if (auto share = budget_.take(estimate->memory)) return share;
    if (auto go = cancel.check(); !go) return base::fail(std::move(go.error()));
    std::this_thread::sleep_for(kPause);
  }
  return base::fail(ErrorCode::overloaded, "There is no memory for a page of this PDF now. Try again in a moment.");
}

Result<> BookStream::add(const Page& page, base::Bytes& out, const base::CancelToken& cancel) {
  if (auto go = cancel.check(); !go) return go;
  if (page.may && !page.may()) {
    book_.add_empty_page(page.extent, {}, out);
    return {};
  }
  if (page.target) {
    auto share = room(page, cancel);
    auto rendered = share ? pipeline_.render(*page.target, page.numbers, tier_, cancel)
                          : Result<Rendered>(base::fail(share.error()));
    if (rendered && book_.add_page(*rendered->body, page.label, out)) return {};
    if (!rendered) {
      const ErrorCode why = rendered.error().code;
      if (why == ErrorCode::cancelled || why == ErrorCode::deadline_exceeded || why == ErrorCode::overloaded)
        return base::fail(std::move(rendered.error()));
    }
  }
  book_.add_empty_page(page.extent, page.label, out);
  return {};
}

Result<bool> BookStream::next(base::Bytes& out, const base::CancelToken& cancel) {
  if (next_ > pages_.size()) return false;
  if (next_ == pages_.size()) {
    book_.finish(out);
  } else if (auto added = add(pages_[next_], out, cancel); !added) {
    return base::fail(std::move(added.error()));
  }
  return next_++ < pages_.size();
}

}  // namespace armarium::pipeline
