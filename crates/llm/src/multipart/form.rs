//! A whole form.

use std::str::FromStr;

use bytes::Bytes;

use super::header::{parameter, value};
use super::parts::{Part, Parts};
use crate::BodyError;

/// A whole form, whose fields are taken out one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    texts: Vec<(String, String)>,
    files: Vec<(String, FormFile)>,
}

/// A file of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormFile {
    /// Its name.
    pub name: String,
    /// Its MIME type, where it was told.
    pub mime: Option<String>,
    /// What is in it; shared with the form's body.
    pub data: Bytes,
}

impl Form {
    /// Reads a `multipart/form-data` body by the boundary in its content type. A part with a file name is a file.
    ///
    /// # Errors
    /// Says what is wrong, and names a field that is not UTF-8.
    pub fn read(content_type: &str, body: &Bytes) -> Result<Self, BodyError> {
        let mut form = Self::default();
        for part in Parts::scan(content_type, body)?.found {
            form.part(body, part)?;
        }
        Ok(form)
    }

    fn part(&mut self, body: &Bytes, part: Part) -> Result<(), BodyError> {
        let headers = &body[part.headers];
        let disposition = value(headers, "content-disposition").unwrap_or_default();
        let Some(name) = parameter(disposition, "name") else { return Ok(()) };
        // Some clients write `image[]` for one of several.
        let name = name.strip_suffix("[]").map(str::to_owned).unwrap_or(name);
        let data = body.slice(part.value);
        if let Some(file) = parameter(disposition, "filename") {
            let mime = value(headers, "content-type").map(str::to_owned);
            self.files.push((name, FormFile { name: file, mime, data }));
            return Ok(());
        }
        let Ok(text) = std::str::from_utf8(&data) else {
            return Err(BodyError::field(&name, format!("`{name}` is not valid UTF-8")));
        };
        self.texts.push((name, text.to_owned()));
        Ok(())
    }

    /// Takes the first text of a name; an empty one is none.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.texts(name).into_iter().next()
    }

    /// Takes all texts of a name, without empty ones.
    pub fn texts(&mut self, name: &str) -> Vec<String> {
        let of_name = self.texts.extract_if(.., |(other, text)| other == name && !text.is_empty());
        of_name.map(|(_, text)| text).collect()
    }

    /// Takes a text that must be there.
    pub fn required_text(&mut self, name: &str) -> Result<String, BodyError> {
        self.text(name).ok_or_else(|| missing(name))
    }

    /// Takes a number, or `true` or `false`; `wanted` says in the error what it must be.
    pub fn parsed<T: FromStr>(&mut self, name: &str, wanted: &str) -> Result<Option<T>, BodyError> {
        let parse = |text: String| {
            text.trim().parse().map_err(|_| BodyError::field(name, format!("`{name}` must be {wanted}")))
        };
        self.text(name).map(parse).transpose()
    }

    /// Takes all files of a name.
    pub fn files(&mut self, name: &str) -> Vec<FormFile> {
        self.files.extract_if(.., |(other, _)| other == name).map(|(_, file)| file).collect()
    }

    /// Takes a file that must be there.
    pub fn required_file(&mut self, name: &str) -> Result<FormFile, BodyError> {
        self.files(name).into_iter().next().ok_or_else(|| missing(name))
    }

    /// The texts that nobody took.
    pub fn rest(self) -> impl Iterator<Item = (String, String)> {
        self.texts.into_iter().filter(|(_, text)| !text.is_empty())
    }
}

impl FormFile {
    /// Its MIME type: as it was told, else as the end of its name says, else `application/octet-stream`.
    pub fn mime(&self) -> &str {
        let told = self.mime.as_deref().and_then(|mime| mime.split(';').next()).map(str::trim);
        let told = told.filter(|mime| !mime.is_empty() && *mime != "application/octet-stream");
        told.or_else(|| of_name(&self.name)).unwrap_or("application/octet-stream")
    }
}

/// The types of the files that models read, by the end of the name
/// (<https://www.iana.org/assignments/media-types/media-types.xhtml>, 2026-11).
fn of_name(name: &str) -> Option<&'static str> {
    let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
    Some(match ending.as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "mp3" | "mpga" | "mpeg" => "audio/mpeg",
        "wav" => "audio/wav",
        "flac" => "audio/flac",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "m4a" | "mp4" => "audio/mp4",
        "webm" => "audio/webm",
        "aac" => "audio/aac",
        _ => return None,
    })
}

fn missing(name: &str) -> BodyError {
    BodyError::field(name, format!("the field `{name}` is missing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=b";

    fn read(body: &str) -> Form {
        Form::read(TYPE, &Bytes::copy_from_slice(body.as_bytes())).unwrap()
    }

    #[test]
    fn texts_and_files_are_taken_by_name() {
        let mut form = read(
            "--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n 2\r\n\
             --b\r\nContent-Disposition: form-data; name=\"image[]\"; filename=\"a.PNG\"\r\n\r\nA\r\n\
             --b\r\nContent-Disposition: form-data; name=\"image[]\"; filename=\"b\"\r\ncontent-type: image/webp\r\n\r\n\r\n\r\n\
             --b\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n\
             --b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n\
             --b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n2\r\n--b--",
        );
        assert_eq!(form.parsed("n", "a number"), Ok(Some(2_u64)));
        assert_eq!(form.text("empty"), None);
        let images = form.files("image");
        let images: Vec<_> = images.iter().map(|file| (file.mime(), file.data.as_ref())).collect();
        assert_eq!(images, [("image/png", &b"A"[..]), ("image/webp", &b"\r\n"[..])]);
        assert_eq!(form.rest().map(|(name, text)| name + &text).collect::<Vec<_>>(), ["x1", "x2"]);
    }

    #[test]
    fn missing_and_wrong_fields_are_named() {
        let mut form = read("--b\r\nContent-Disposition: form-data; name=n\r\n\r\nmany\r\n--b--");
        assert_eq!(form.required_file("file").unwrap_err().param.as_deref(), Some("file"));
        assert_eq!(form.parsed::<u64>("n", "a number").unwrap_err().message, "`n` must be a number");
        assert_eq!(form.required_text("n").unwrap_err().param.as_deref(), Some("n"));
        let body = Bytes::from_static(b"--b\r\nContent-Disposition: form-data; name=n\r\n\r\n\xff\r\n--b--");
        assert_eq!(Form::read(TYPE, &body).unwrap_err().param.as_deref(), Some("n"));
    }
}
