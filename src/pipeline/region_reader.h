#pragma once
// A region of a picture at a size: plan, blocks (decoded, in display colours, kept), scale. Where the source is luma and chroma, all of it goes in planes and RGB
// is made at the end, if at all. What is known to take longer than there is time is refused (resource_limit). Thread-safe; blocks.

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <type_traits>

#include "base/work_pool.h"
#include "codec/slow_work.h"
#include "image/planes.h"
#include "pipeline/region_strips.h"

namespace armarium::pipeline {

// What a reading did, in milliseconds.
struct ReadingTrace {
  std::uint32_t level = 0;
  bool kept = false;  // all blocks were in memory
  double decode = 0;
  double scale = 0;
};

class RegionReader {
 public:
  // `answer_time`: what a request may take. `linear_light`: what is scaled here is scaled as amounts of light. `helpers` (may be null) decode blocks of a request when
  // they are idle.
  RegionReader(std::uint64_t max_bytes, std::chrono::nanoseconds answer_time, bool linear_light = false,
               base::WorkPool* helpers = nullptr)
      : blocks_(max_bytes), answer_time_(answer_time), linear_light_(linear_light), helpers_(helpers) {}

  base::Result<image::Raster> read(const OpenedPicture& opened, const std::string& path, const codec::Request& request,
                                   Wish wish, const base::CancelToken& cancel, ReadingTrace& trace);
  // What the decoder will cost for this request; little when all blocks are kept.
  base::Result<codec::Cost> cost(const OpenedPicture& opened, const std::string& path, const codec::Request& request);

  // The same result strip by strip, however large it is; `opened` must outlive it. Reads nothing yet.
  base::Result<RegionStrips> strips(const OpenedPicture& opened, const std::string& path, const codec::Request& request,
                                    Wish wish) const;
  // What reading strips of so many rows holds at the peak, bytes. resource_limit where the source cannot be read in parts and not whole.
  base::Result<std::uint64_t> memory(RegionStrips& strips, std::uint32_t rows) const;
  // Rows of the result, from top to bottom, each once. Colours and kind are the same for all strips.
  base::Result<image::Raster> read_strip(RegionStrips& strips, std::uint32_t first, std::uint32_t count,
                                         const base::CancelToken& cancel, ReadingTrace& trace);

 private:
  struct Job;

  base::Result<image::Raster> read_blocks(const RegionJob& job, HeldBlocks* held, const base::CancelToken& cancel,
                                          ReadingTrace& trace);
  base::Result<image::Raster> read_alone(const Job& job, const base::CancelToken& cancel, ReadingTrace& trace);
  base::Result<image::Raster> read_area(const Job& job, const base::CancelToken& cancel, ReadingTrace& trace);
  // `held`: blocks that are there already, and take up what comes; may be null.
  base::Result<std::vector<BlockPtr>> blocks_of(const RegionJob& job, HeldBlocks* held, const base::CancelToken& cancel,
                                                bool& kept);
  base::Result<BlockPtr> block_of(const RegionJob& job, std::uint32_t x, std::uint32_t y,
                                  const base::CancelToken& cancel, std::atomic<bool>& kept);
  base::Result<Job> job_of(const OpenedPicture& opened, const std::string& path, const codec::Request& request,
                           Wish wish);

  // Decodes a part of job's level, of about so many pixels, unless it is known to take longer than there is time.
  template <class Work>
  std::invoke_result_t<Work> in_time(const std::string& key, std::uint64_t pixels, const base::CancelToken& cancel,
                                     const Work& work);

  BlockCache blocks_;
  const std::chrono::nanoseconds answer_time_;
  const bool linear_light_;
  base::WorkPool* const helpers_;
  codec::SlowWork slow_;  // what is decoded in this process
};

}  // namespace armarium::pipeline
