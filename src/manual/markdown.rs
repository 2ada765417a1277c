//! Markdown of the manual to HTML. Only what the manual uses is known; the rest is shown as the text that it is.

use std::fmt::Write;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::html::{Names, escape, highlight, link_words};

/// A heading, for anchors and the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heading {
    pub level: u8,
    pub title: String,
    pub anchor: String,
    /// Where it begins and ends in the words of its page.
    pub words: (usize, usize),
}

/// A text as HTML, with its headings and its words without signs.
pub(super) struct Rendered {
    pub html: String,
    pub headings: Vec<Heading>,
    pub words: String,
}

/// The anchor of a heading, as code hosts make it.
pub(super) fn anchor(title: &str) -> String {
    let kept = title
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .collect::<String>();
    kept.replace(' ', "-")
}

/// Renders a page; `page` is its own file, to which its names get no link.
pub(super) fn render(text: &str, page: &str, names: &Names) -> Rendered {
    let mut writer = Writer {
        page,
        names,
        out: Rendered { html: String::new(), headings: Vec::new(), words: String::new() },
        heading: None,
        heading_at: 0,
        code: None,
        in_link: false,
        in_head: false,
    };
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        writer.event(event);
    }
    writer.out
}

struct Writer<'w> {
    page: &'w str,
    names: &'w Names,
    out: Rendered,
    /// Title, and its HTML, of the heading that is open.
    heading: Option<(HeadingLevel, String, String)>,
    /// Where it begins in the words.
    heading_at: usize,
    /// Language and text of the code block that is open.
    code: Option<(String, String)>,
    in_link: bool,
    in_head: bool,
}

impl Writer<'_> {
    fn put(&mut self, html: &str) {
        match &mut self.heading {
            Some((_, _, out)) => out.push_str(html),
            None => self.out.html.push_str(html),
        }
    }

    fn say(&mut self, text: &str) {
        if let Some((_, title, _)) = &mut self.heading {
            title.push_str(text);
        }
        self.out.words.push_str(text);
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some((_, code)) => code.push_str(&text),
                None => {
                    self.say(&text);
                    let html = match self.in_link || self.heading.is_some() {
                        true => escape(&text),
                        false => link_words(&text, self.page, self.names),
                    };
                    self.put(&html);
                }
            },
            Event::Code(text) => {
                self.say(&text);
                let inner = match self.in_link || self.heading.is_some() {
                    true => escape(&text),
                    false => highlight(&text, self.page, self.names, false),
                };
                self.put(&format!("<code>{inner}</code>"));
            }
            Event::SoftBreak | Event::HardBreak => {
                self.say(" ");
                self.put("\n");
            }
            Event::Rule => self.put("<hr>\n"),
            // Remarks for the tests; there is no other HTML in the manual.
            Event::Html(html) | Event::InlineHtml(html) if html.trim_start().starts_with("<!--") => {}
            Event::Html(text) | Event::InlineHtml(text) => self.put(&escape(&text)),
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.put(&escape(&text))
            }
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.put("<p>"),
            Tag::Heading { level, .. } => {
                self.heading = Some((level, String::new(), String::new()));
                self.heading_at = self.out.words.len();
            }
            Tag::CodeBlock(kind) => {
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.to_string(),
                    CodeBlockKind::Indented => "form".to_owned(),
                };
                self.code = Some((language, String::new()));
            }
            Tag::List(None) => self.put("<ul>\n"),
            Tag::List(Some(_)) => self.put("<ol>\n"),
            Tag::Item => self.put("<li>"),
            Tag::Table(_) => self.put("<div class=\"table\"><table>\n"),
            Tag::TableHead => {
                self.in_head = true;
                self.put("<thead><tr>");
            }
            Tag::TableRow => self.put("<tr>"),
            Tag::TableCell => self.put(if self.in_head { "<th>" } else { "<td>" }),
            Tag::Emphasis => self.put("<em>"),
            Tag::Strong => self.put("<strong>"),
            Tag::BlockQuote(_) => self.put("<blockquote>\n"),
            Tag::Link { dest_url, .. } => {
                self.in_link = true;
                self.put(&format!("<a href=\"{}\">", escape(&target(&dest_url))));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        self.out.words.push(' ');
        match tag {
            TagEnd::Paragraph => self.put("</p>\n"),
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::CodeBlock => {
                let Some((language, code)) = self.code.take() else { return };
                let inner = match language.as_str() {
                    "ngs" | "form" => highlight(&code, self.page, self.names, true),
                    "console" => console(&code),
                    _ => escape(&code),
                };
                self.put(&format!("<pre class=\"{}\"><code>{inner}</code></pre>\n", escape(&language)));
            }
            TagEnd::List(false) => self.put("</ul>\n"),
            TagEnd::List(true) => self.put("</ol>\n"),
            TagEnd::Item => self.put("</li>\n"),
            TagEnd::Table => self.put("</tbody></table></div>\n"),
            TagEnd::TableHead => {
                self.in_head = false;
                self.put("</tr></thead>\n<tbody>\n");
            }
            TagEnd::TableRow => self.put("</tr>\n"),
            TagEnd::TableCell => self.put(if self.in_head { "</th>" } else { "</td>" }),
            TagEnd::Emphasis => self.put("</em>"),
            TagEnd::Strong => self.put("</strong>"),
            TagEnd::BlockQuote(_) => self.put("</blockquote>\n"),
            TagEnd::Link => {
                self.in_link = false;
                self.put("</a>");
            }
            _ => {}
        }
    }

    fn end_heading(&mut self) {
        let Some((level, title, html)) = self.heading.take() else { return };
        let level = level as u8;
        let base = anchor(&title);
        let twins = self.out.headings.iter().filter(|h| anchor(&h.title) == base).count();
        let anchor = if twins == 0 { base } else { format!("{base}-{twins}") };
        let place = escape(&anchor);
        let _ = writeln!(
            self.out.html,
            "<h{level} id=\"{place}\">{html} <a class=\"here\" href=\"#{place}\" aria-label=\"link to this place\">#</a></h{level}>"
        );
        let words = (self.heading_at, self.out.words.len());
        self.out.headings.push(Heading { level, title, anchor, words });
    }
}

/// Where a link of a guide leads in the site.
fn target(url: &CowStr<'_>) -> String {
    match url.split_once(".md") {
        Some((name, rest)) if !url.contains("://") && (rest.is_empty() || rest.starts_with('#')) => {
            format!("{name}.html{rest}")
        }
        _ => url.to_string(),
    }
}

/// Commands and what they print.
fn console(text: &str) -> String {
    text.lines().fold(String::new(), |mut html, line| {
        match line.strip_prefix("$ ") {
            Some(command) => html += &format!("<span class=\"prompt\">$ </span><b>{}</b>\n", escape(command)),
            None => html += &format!("{}\n", escape(line)),
        }
        html
    })
}
