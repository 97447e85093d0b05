#include "ingest/yaml_reader.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <unordered_map>

#include <fmt/format.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "ingest/csv.h"

namespace armarium::ingest {
namespace {

// Thrown through yaml-cpp's parser and caught in read_yaml: the library knows no other way to stop.
struct Stop {
  YamlError error;
};

std::size_t count_nodes(const json::Value& value) {
  std::size_t nodes = 1;
  if (const auto* array = value.if_array()) {
    for (const json::Value& item : *array) nodes += count_nodes(item);
  } else if (const auto* object = value.if_object()) {
    for (const auto& member : *object) nodes += count_nodes(member.value());
  }
  return nodes;
}

class Builder final : public YAML::EventHandler {
 public:
  Builder(const YamlLimits& limits, YamlDocument& out) : limits_(limits), out_(out) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { scalar(mark, nullptr, anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    if (text.find('\0') != std::string::npos) stop(mark, "The character U+0000 can stand in no text.");
    const bool plain = tag == "?";
    if (plain && (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL"))
      return scalar(mark, nullptr, anchor);
    scalar(mark, plain && limits_.numbers && may_be_number() ? number_or_text(text) : json::Value(text), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) stop(mark, "An alias (*name) stands where its anchor (&name) is not complete.");
    spend(mark, count_nodes(found->second));
    add(mark, json::Value(found->second));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    begin(mark, json::Array(), anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    begin(mark, json::Object(), anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapEnd() override { end(); }

 private:
  struct Level {
    json::Value value;
    std::string key;
    bool has_key = false;
    YAML::anchor_t anchor = 0;
    YAML::Mark mark;
  };

  // Whether a number may stand here: not in a text for people, and not as a key.
  bool may_be_number() const {
    constexpr std::array<std::string_view, 13> kTexts{
        "label", "summary", "metadata", "requiredStatement", "navDate", "id", "@id", "type",
        "@type", "rights",  "format",   "language",          "profile"};
    if (!levels_.empty() && levels_.back().value.is_object() && !levels_.back().has_key) return false;
    return std::none_of(levels_.begin(), levels_.end(), [&](const Level& level) {
      return level.has_key && std::find(kTexts.begin(), kTexts.end(), level.key) != kTexts.end();
    });
  }

  static json::Value number_or_text(const std::string& text) {
    const bool word = text == "true" || text == "false";
    const bool number = !text.empty() && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'));
    if (!word && !number) return json::Value(text);
    auto value = json::parse(text);
    return value && (value->is_number() || value->is_bool()) ? std::move(*value) : json::Value(text);
  }

  [[noreturn]] static void stop(const YAML::Mark& mark, std::string reason) {
    throw Stop{{mark.line + 1, std::move(reason)}};
  }

  void spend(const YAML::Mark& mark, std::size_t nodes) {
    nodes_ += nodes;
    if (nodes_ > limits_.max_nodes) stop(mark, "The file holds more values than the server reads.");
  }

  void scalar(const YAML::Mark& mark, json::Value value, YAML::anchor_t anchor) {
    spend(mark, 1);
    if (anchor != 0) anchors_[anchor] = value;
    add(mark, std::move(value));
  }

  void begin(const YAML::Mark& mark, json::Value value, YAML::anchor_t anchor) {
    spend(mark, 1);
    if (levels_.size() >= limits_.max_depth) stop(mark, "The file is nested deeper than the server reads.");
    levels_.push_back({std::move(value), {}, false, anchor, mark});
  }

  void end() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    if (level.anchor != 0) anchors_[level.anchor] = level.value;
    add(level.mark, std::move(level.value));
  }

  void add(const YAML::Mark& mark, json::Value value) {
    if (levels_.empty()) {
      out_.value = std::move(value);
      return;
    }
    Level& level = levels_.back();
    if (level.value.is_array()) {
      level.value.get_array().push_back(std::move(value));
      return;
    }
    if (!level.has_key) {
      if (!value.is_string() && !value.is_null()) stop(mark, "A key must be plain text.");
      level.key = value.is_string() ? std::string(value.get_string()) : "null";
      level.has_key = true;
      if (levels_.size() == 1) out_.lines.emplace(level.key, mark.line + 1);
      return;
    }
    level.has_key = false;
    if (level.value.get_object().contains(level.key))
      stop(mark, fmt::format("The key {} stands here twice.", level.key));
    level.value.get_object()[level.key] = std::move(value);
  }

  const YamlLimits& limits_;
  YamlDocument& out_;
  std::vector<Level> levels_;
  std::unordered_map<YAML::anchor_t, json::Value> anchors_;
  std::size_t nodes_ = 0;
};

}  // namespace

tl::expected<YamlDocument, YamlError> read_yaml(std::string_view text, const YamlLimits& limits) {
  if (text.size() > limits.max_bytes)
    return tl::unexpected(YamlError{0, fmt::format("The file is larger than {} bytes.", limits.max_bytes)});
  YamlDocument document;
  try {
    std::istringstream stream{to_utf8(text)};
    YAML::Parser parser(stream);
    Builder builder(limits, document);
    parser.HandleNextDocument(builder);
  } catch (const Stop& stopped) {
    return tl::unexpected(stopped.error);
  } catch (const YAML::Exception& error) {
    return tl::unexpected(YamlError{error.mark.line + 1, "This is not YAML: " + error.msg + "."});
  } catch (const std::exception& error) {
    return tl::unexpected(YamlError{0, std::string("This cannot be read: ") + error.what() + "."});
  }
  return document;
}

}  // namespace armarium::ingest
