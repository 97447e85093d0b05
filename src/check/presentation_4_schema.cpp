// Presentation API 4.0 (draft of IIIF/api at 28a88829): Classes and Properties. Most properties may stand on any class, so that a table of what is common is followed by what each class must have.

#include <array>
#include <initializer_list>

#include "check/schemas.h"

namespace armarium::check {
namespace {

using Line = Schema::Line;

constexpr Line kCommon[] = {
    {"id", Need::may, "<id>"},
    {"type", Need::must, "text"},
    {"label", Need::may, "map"},
    {"summary", Need::may, "html"},
    {"metadata", Need::may, "[{@Pair}]"},
    {"requiredStatement", Need::may, "{@Pair}"},
    {"rights", Need::may, "<rights>"},
    {"navDate", Need::may, "date"},
    {"navPlace", Need::may, "<navPlace>"},
    {"provider", Need::may, "[{Agent}]+"},
    {"thumbnail", Need::may, "[{@Content}]+"},
    {"placeholderContainer", Need::may, "{Canvas|Timeline|Scene}"},
    {"accompanyingContainer", Need::may, "{Canvas|Timeline|Scene}"},
    {"behavior", Need::may, "[text]"},
    {"viewingDirection", Need::may, "=left-to-right|right-to-left|top-to-bottom|bottom-to-top"},
    {"timeMode", Need::may, "=trim|scale|loop"},
    {"format", Need::may, "text"},
    {"profile", Need::may, "text"},
    {"height", Need::may, "integer"},
    {"width", Need::may, "integer"},
    {"duration", Need::may, "positive"},
    {"language", Need::may, "[text]"},
    {"fileSize", Need::may, "count"},
    {"canonical", Need::may, "uri"},
    {"via", Need::may, "<via>"},
    {"conformsTo", Need::may, "any"},
    {"seeAlso", Need::may, "[{@SeeAlso}]"},
    {"service", Need::may, "[<service>]"},
    {"services", Need::may, "[<service>]"},
    {"homepage", Need::may, "[{@Linked}]"},
    {"rendering", Need::may, "[{@Linked}]"},
    {"partOf", Need::may, "[{@Reference}]"},
    {"start", Need::may, "<start>"},
    {"supplementary", Need::may, "any"},
    {"items", Need::may, "<items>"},
    {"structures", Need::may, "[{Range}]"},
    {"annotations", Need::may, "[{AnnotationPage}]"},
    {"first", Need::may, "{@Reference}"},
    {"last", Need::may, "{@Reference}"},
    {"next", Need::may, "{@Reference}"},
    {"prev", Need::may, "{@Reference}"},
    {"total", Need::may, "count"},
    {"startIndex", Need::may, "count"},
    {"backgroundColor", Need::may, "<color>"},
    {"color", Need::may, "<color>"},
    {"spatialScale", Need::may, "<metres>"},
    {"temporalScale", Need::may, "<seconds>"},
    {"interactionMode", Need::may, "[=locked|orbit|hemisphere-orbit|free|free-direction]"},
    {"transform", Need::may, "[{RotateTransform|ScaleTransform|TranslateTransform}]"},
    {"action", Need::may, "[=enable|disable|show|hide|reset|start|stop|select]+"},
    {"exclude", Need::may, "[=audio|animations|cameras|lights|Audio|Animations|Cameras|Lights]"},
    {"provides", Need::may, "<provides>"},
    {"position", Need::may, "{SpecificResource}"},
    {"scope", Need::may, "any"},
    {"source", Need::may, "<source>"},
    {"selector", Need::may, "<selectors>"},
    {"styleClass", Need::may, "any"},
    {"stylesheet", Need::may, "any"},
    {"creator", Need::may, "any"},
    {"created", Need::may, "date"},
    {"modified", Need::may, "date"},
    {"generator", Need::may, "any"},
    {"intensity", Need::may, "<relative>"},
    {"volume", Need::may, "<relative>"},
    {"lookAt", Need::may, "<object>"},
    {"environmentMap", Need::may, "{@EnvironmentMap}"},
    {"angle", Need::may, "<angle>"},
    {"near", Need::may, "<distance>"},
    {"far", Need::may, "<distance>"},
    {"fieldOfView", Need::may, "<view>"},
    {"viewHeight", Need::may, "positive"},
    {"purpose", Need::may, "any"},
    {"textDirection", Need::may, "any"},
    {"x", Need::may, "number"},
    {"y", Need::may, "number"},
    {"z", Need::may, "number"},
    {"bodyValue", Need::never, "any"},
};
constexpr Line kNamed[] = {{"id", Need::must, "<id>"}};
constexpr Line kCollection[] = {{"id", Need::must, "<id>"},
                                {"label", Need::must, "map"},
                                {"summary", Need::should, "html"},
                                {"metadata", Need::should, "[{@Pair}]"},
                                {"provider", Need::should, "[{Agent}]+"},
                                {"thumbnail", Need::should, "[{@Content}]+"}};
constexpr Line kCollectionPage[] = {
    {"id", Need::must, "<id>"}, {"partOf", Need::must, "[{@Reference}]+"}, {"items", Need::must, "<items>"}};
constexpr Line kManifest[] = {{"id", Need::must, "<id>"},
                              {"label", Need::must, "map"},
                              {"items", Need::must, "<items>"},
                              {"summary", Need::should, "html"},
                              {"metadata", Need::should, "[{@Pair}]"},
                              {"provider", Need::should, "[{Agent}]+"},
                              {"thumbnail", Need::should, "[{@Content}]+"}};
constexpr Line kTimeline[] = {{"id", Need::must, "<id>"},
                              {"duration", Need::must, "positive"},
                              {"width", Need::never, "any"},
                              {"height", Need::never, "any"}};
constexpr Line kCanvas[] = {
    {"id", Need::must, "<id>"}, {"width", Need::must, "integer"}, {"height", Need::must, "integer"}};
constexpr Line kScene[] = {{"id", Need::must, "<id>"}, {"width", Need::never, "any"}, {"height", Need::never, "any"}};
constexpr Line kAnnotation[] = {{"id", Need::must, "<id>"},
                                {"motivation", Need::must, "<motivation>"},
                                {"target", Need::must, "<target>"},
                                {"body", Need::should, "<body>"}};
constexpr Line kAnnotationCollection[] = {{"id", Need::must, "<id>"}, {"label", Need::must, "map"}};
constexpr Line kRange[] = {
    {"id", Need::must, "<id>"}, {"items", Need::must, "<items>"}, {"label", Need::should, "map"}};
constexpr Line kSpecificResource[] = {{"id", Need::must, "<id>"}, {"source", Need::must, "<source>"}};
constexpr Line kTextualBody[] = {{"value", Need::must, "text"}, {"language", Need::may, "any"}};
constexpr Line kItems[] = {{"items", Need::must, "<items>"}};
constexpr Line kLight[] = {{"intensity", Need::should, "<relative>"}};
constexpr Line kMap[] = {{"environmentMap", Need::must, "{@EnvironmentMap}"}};
constexpr Line kEnvironment[] = {{"id", Need::must, "<id>"},
                                 {"type", Need::must, "=Image"},
                                 {"profile", Need::must, "text"},
                                 {"format", Need::should, "text"}};
constexpr Line kEmitter[] = {{"source", Need::must, "<source>"}, {"volume", Need::should, "<relative>"}};
constexpr Line kAgent[] = {{"label", Need::must, "map"},
                           {"id", Need::must, "<id>"},
                           {"homepage", Need::should, "[{@Linked}]"},
                           {"logo", Need::should, "[{Image}]+"}};
constexpr Line kLinked[] = {{"id", Need::must, "<id>"}, {"label", Need::must, "map"}};
constexpr Line kSeeAlso[] = {
    {"id", Need::must, "<id>"}, {"label", Need::should, "map"}, {"format", Need::should, "text"}};
constexpr Line kPair[] = {{"label", Need::must, "map"}, {"value", Need::must, "html"}};
constexpr Line kQuantity[] = {
    {"type", Need::must, "=Quantity"}, {"quantityValue", Need::must, "number"}, {"unit", Need::must, "text"}};
constexpr Line kNothing[] = {{"type", Need::must, "text"}};
constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
    {"description", "summary"},
    {"attribution", "requiredStatement"},
    {"license", "rights"},
    {"within", "partOf"},
    {"sequences", "items"},
    {"canvases", "items"},
    {"images", "items"},
    {"viewingHint", "behavior"},
    {"related", "homepage"},
    {"placeholderCanvas", "placeholderContainer"},
    {"accompanyingCanvas", "accompanyingContainer"},
    {"on", "target"},
    {"resource", "body"},
};

Schema build() {
  Schema schema("Presentation 4.0");
  schema.type("Common", "Properties", kCommon).other_names(kOtherNames);
  const auto add = [&](std::string_view name, std::string_view clause, std::span<const Line> lines) {
    schema.derive(name, "Common", clause, lines);
  };
  add("Collection", "Collection", kCollection);
  add("CollectionPage", "Collection Page", kCollectionPage);
  add("Manifest", "Manifest", kManifest);
  add("Timeline", "Timeline", kTimeline);
  add("Canvas", "Canvas", kCanvas);
  add("Scene", "Scene", kScene);
  add("Annotation", "Annotation", kAnnotation);
  add("AnnotationCollection", "Annotation Collection", kAnnotationCollection);
  add("AnnotationPage", "Annotation Page", kNamed);
  add("Range", "Range", kRange);
  add("SpecificResource", "Specific Resource", kSpecificResource);
  add("TextualBody", "Textual Body", kTextualBody);
  for (const std::string_view several : {"Choice", "Composite", "List", "Independents"})
    add(several, "Choice, Composite, List, Independents", kItems);
  add("Content", "Content Resources", kNamed);
  for (const std::string_view content : {"Image", "Audio", "Sound", "Video", "Text", "Dataset", "Model"})
    add(content, "Content Resources", kNamed);
  for (const std::string_view light : {"AmbientLight", "DirectionalLight", "PointLight", "SpotLight"})
    add(light, "Lights", kLight);
  add("ImageBasedLight", "Image-Based Light", kMap);
  for (const std::string_view camera : {"PerspectiveCamera", "OrthographicCamera"}) add(camera, "Cameras", kNothing);
  for (const std::string_view emitter : {"AmbientAudio", "PointAudio", "SpotAudio"})
    add(emitter, "Audio Emitters", kEmitter);
  for (const std::string_view transform : {"RotateTransform", "ScaleTransform", "TranslateTransform"})
    add(transform, "Transforms", kNothing);
  add("EnvironmentMap", "environmentMap", kEnvironment);
  add("Agent", "Agent", kAgent);
  add("Linked", "homepage", kLinked);
  add("SeeAlso", "seeAlso", kSeeAlso);
  add("Reference", "partOf", kNamed);
  schema.type("Pair", "metadata", kPair).type("Quantity", "Quantity", kQuantity);
  return schema;
}

}  // namespace

const Schema& presentation_4_schema() {
  static const Schema schema = build();
  return schema;
}

}  // namespace armarium::check
