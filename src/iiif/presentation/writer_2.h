#pragma once
// Presentation 2.1.1, piece by piece onto a json::Writer. Used by document.cpp alone; `top` objects carry @context.

#include "iiif/presentation/values.h"
#include "json/writer.h"

namespace armarium::iiif::presentation::v2 {

void write_canvas(json::Writer& out, const Canvas& canvas, bool top);
void write_annotation_page(json::Writer& out, const Canvas& canvas, bool top);
void write_annotation(json::Writer& out, const Canvas& canvas, bool top);
// The page of what does not paint, and one of it.
void write_annotations(json::Writer& out, const Canvas& canvas, bool top);
void write_note(json::Writer& out, const Annotation& annotation, bool top);
void write_range(json::Writer& out, const Range& range, bool top);
void write_collection(json::Writer& out, const Collection& collection);
// Opens the object and its first sequence; the end closes both and writes what stands behind them.
void begin_manifest(json::Writer& out, const Manifest& manifest);
void end_manifest(json::Writer& out, const Manifest& manifest);

}  // namespace armarium::iiif::presentation::v2
