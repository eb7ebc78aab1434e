// What sanitizers must overlook in the libraries that draw, so that they still find what is ours.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the sanitizers look for
// these names.

extern "C" char const* __lsan_default_suppressions();
extern "C" char const* __tsan_default_suppressions();

// Pango matches fonts on a thread of its own, Cairo keeps the fonts used last, and both hold on to
// what Fontconfig allocated until the process ends: some 20 KiB for each `Fonts`, of which a kiosk
// has one.
extern "C" char const* __lsan_default_suppressions() {
    return "leak:libfontconfig\n";
}

// These libraries are not instrumented: their locks are invisible.
extern "C" char const* __tsan_default_suppressions() {
    return "race:libfontconfig\nrace:libpango\nrace:libglib\nrace:libcairo\nmutex:libglib\n"
           "called_from_lib:libfontconfig\ncalled_from_lib:libpangoft2\n"
           "called_from_lib:libglib\ncalled_from_lib:libgobject\n";
}

// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
