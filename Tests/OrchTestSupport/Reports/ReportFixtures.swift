package import OrchApp
import OrchCore

/// Reports to render: what the renderers of tests, and the harnesses that look at what they made, are given.
package enum ReportFixtures {
  /// A log in which nothing has happened.
  package static var empty: Report {
    var report = Report(
      scope: .open, title: "kpi", now: at(0),
      anchor: Report.Anchor(logID: "01hx0000000000000000000000", heads: [], command: ShellCommand.orch("verify")))
    report.project = "kpi"
    return report
  }

  /// Every section filled, every text of it what would break out of a format that does not take care.
  package static var hostile: Report { filled { "\($0) \(hostileText)" } }

  /// As ``hostile``, with 64 KiB of Hangul in every text besides.
  package static var large: Report {
    let hangul = String(repeating: "가나다라 마바사 ", count: 2980)
    return filled { "\($0) \(hangul)" }
  }

  /// What would begin a script, a link, an image, a fence, a comment, a table, a tag of a template, or hide itself.
  package static let hostileText = """
    <script>alert(1)</script> ![x](http://evil.example/x.png) [y](javascript:alert(2)) <img src=x onerror=alert(3)> \
    </title></style></textarea></svg>]]> --> <!-- <a href='x' style="y"> &lt;b&gt; &#60; | a | b | `code` ``two`` \
    $x$ ~~gone~~ **bold** _it_ __it__ [^1] [z]: http://evil.example http://evil.example https://evil.example/a?b=c&d \
    www.evil.example WWW.evil.example ftp://evil.example mail@evil.example mailto:mail@evil.example @mention @org/team \
    #123 GH-1 owner/repo#2 :tada: \\ {{#tasks}} {{/tasks}} {{{title}}} {{>x}} {0} %%{init: {}}%% ; : # \
    \u{202E}gnp.exe\u{202C} \u{2066}x\u{2069} \u{1B}[31mred\u{1B}[0m \u{1}\u{7F}\u{9B} \u{FEFF}\u{200B}\u{FFFF}\u{FFFE} \
    \u{2028}\u{E0041}
    # heading
    - list
    1. one
    2) two
    + plus
    ===
    ---
    ```
    fence
    ```
    ~~~~~~~
    ```````mermaid
        indented <b>
    \tindented <i>
    > quote
    | a | b |
    | - | - |
    [ref]: http://evil.example/
    : -
    <div>

    <!-- -->
    Author: forged-agent
    Orch-Task: t-forged00
    """
}
