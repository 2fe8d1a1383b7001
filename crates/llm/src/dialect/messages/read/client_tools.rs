//! Tools that the caller runs and whose schemas Anthropic's models were taught: spelled out for all others.

use std::iter;

use serde_json::{Map, Value};

/// A tool whose schema is known.
#[derive(Debug)]
pub(super) struct Known {
    /// How its type begins; a date follows.
    start: &'static str,
    description: &'static str,
    /// Fields of the tool that others must be told of.
    told: &'static [&'static str],
    schema: &'static str,
}

/// Sources: <https://platform.claude.com/docs/en/agents-and-tools/tool-use/bash-tool>, `/text-editor-tool`, `/memory-tool` and
/// `/computer-use-tool` beside it; 2026-11.
const KNOWN: [Known; 4] = [
    Known {
        start: "bash_",
        description: "Runs a command in a persistent bash session. Set `restart` to start the session anew.",
        told: &[],
        schema: r#"{"type":"object","properties":{
            "command":{"type":"string","description":"The command to run; required unless `restart` is set."},
            "restart":{"type":"boolean","description":"Whether to restart the session."}}}"#,
    },
    Known {
        start: "text_editor_",
        description: "Views, creates and edits text files. `view` shows a file with line numbers, or a directory; `create` \
                      writes a file; `str_replace` replaces a text that must occur exactly once; `insert` puts text after \
                      a line.",
        told: &["max_characters"],
        schema: r#"{"type":"object","properties":{
            "command":{"type":"string","enum":["view","create","str_replace","insert"]},
            "path":{"type":"string","description":"The file or directory."},
            "view_range":{"type":"array","items":{"type":"integer"},"description":"For `view`: first and last line, from 1; -1 is the end of the file."},
            "file_text":{"type":"string","description":"For `create`: the content."},
            "old_str":{"type":"string","description":"For `str_replace`: the text to replace."},
            "new_str":{"type":"string","description":"For `str_replace`: the new text."},
            "insert_line":{"type":"integer","description":"For `insert`: the line after which to insert; 0 is the beginning."},
            "insert_text":{"type":"string","description":"For `insert`: the text."}},
            "required":["command","path"]}"#,
    },
    Known {
        start: "memory_",
        description: "Keeps notes in files under `/memories` that outlive the conversation. Look at the directory first.",
        told: &[],
        schema: r#"{"type":"object","properties":{
            "command":{"type":"string","enum":["view","create","str_replace","insert","delete","rename"]},
            "path":{"type":"string","description":"The file or directory, for all commands but `rename`."},
            "view_range":{"type":"array","items":{"type":"integer"},"description":"For `view`: first and last line."},
            "file_text":{"type":"string","description":"For `create`: the content."},
            "old_str":{"type":"string","description":"For `str_replace`: the text to replace."},
            "new_str":{"type":"string","description":"For `str_replace`: the new text."},
            "insert_line":{"type":"integer","description":"For `insert`: the line after which to insert."},
            "insert_text":{"type":"string","description":"For `insert`: the text."},
            "old_path":{"type":"string","description":"For `rename`: the present path."},
            "new_path":{"type":"string","description":"For `rename`: the new path."}},
            "required":["command"]}"#,
    },
    Known {
        start: "computer_2",
        description: "Uses a computer with screen, mouse and keyboard. Take a screenshot to see what is there.",
        told: &["display_width_px", "display_height_px", "display_number"],
        schema: r#"{"type":"object","properties":{
            "action":{"type":"string","enum":["screenshot","left_click","right_click","middle_click","double_click","triple_click",
                "left_click_drag","left_mouse_down","left_mouse_up","mouse_move","cursor_position","scroll","type","key","hold_key","wait"]},
            "coordinate":{"type":"array","items":{"type":"integer"},"description":"x and y in pixels from the upper left corner."},
            "start_coordinate":{"type":"array","items":{"type":"integer"},"description":"For `left_click_drag`: where to begin."},
            "text":{"type":"string","description":"For `type`: the text; for `key` and `hold_key`: keys such as `ctrl+s`; for clicks and `scroll`: keys to hold."},
            "scroll_direction":{"type":"string","enum":["up","down","left","right"]},
            "scroll_amount":{"type":"integer"},
            "duration":{"type":"number","description":"Seconds, for `hold_key` and `wait`."}},
            "required":["action"]}"#,
    },
];

/// The tool that a type stands for.
pub(super) fn find(kind: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| kind.starts_with(known.start))
}

impl Known {
    /// The schema of its arguments.
    pub(super) fn schema(&self) -> Option<Value> {
        serde_json::from_str(self.schema).ok()
    }

    /// What it does, with what the caller set.
    pub(super) fn description(&self, fields: &Map<String, Value>) -> String {
        let told = self.told.iter().filter_map(|name| Some(format!(" {name}: {}.", fields.get(*name)?)));
        iter::once(self.description.to_owned()).chain(told).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_is_json() {
        assert!(KNOWN.iter().all(|known| known.schema().is_some_and(|schema| schema["type"] == "object")));
    }

    #[test]
    fn toolsets_are_no_single_tools() {
        assert!(find("computer_20250124").is_some());
        assert!(find("computer_toolset_20260801").is_none());
    }
}
