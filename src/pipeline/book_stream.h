#pragma once
// Pictures as pages of one PDF, each made when it is asked for: what is held is one page. Neither kept nor shared. One thread at a time; blocks: pool threads only.

#include <functional>
#include <string>
#include <vector>

#include "codec/pdf_book.h"
#include "pipeline/memory_budget.h"
#include "pipeline/pipeline.h"

namespace armarium::pipeline {

class BookStream {
 public:
  struct Page {
    std::string label;              // as readers number it
    image::Size extent;             // of the page that stays empty
    std::optional<Target> target;   // nothing: a picture of others, or one that cannot be read
    iiif::ResolvedRequest numbers;  // format "jpg"
    std::function<bool()> may{};    // asked right before it is made: whether it may be given still
  };

  // `pipeline` and `budget` must outlive it; what is large takes its share of the budget while it is made.
  BookStream(Pipeline& pipeline, MemoryBudget& budget, std::string title, std::vector<Page> pages, std::string tier)
      : pipeline_(pipeline),
        budget_(budget),
        book_(std::move(title)),
        pages_(std::move(pages)),
        tier_(std::move(tier)) {}

  // Appends the next page, or the end; false after the end. A page that cannot be read, or may not be given any more, stays empty. cancelled, deadline_exceeded; overloaded when there is no memory for a page.
  base::Result<bool> next(base::Bytes& out, const base::CancelToken& cancel);

 private:
  base::Result<> add(const Page& page, base::Bytes& out, const base::CancelToken& cancel);
  base::Result<MemoryBudget::Share> room(const Page& page, const base::CancelToken& cancel);

  Pipeline& pipeline_;
  MemoryBudget& budget_;
  codec::PdfBook book_;
  std::vector<Page> pages_;
  std::size_t next_ = 0;
  std::string tier_;
};

}  // namespace armarium::pipeline
