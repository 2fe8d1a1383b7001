//! Images, made and edited.
//!
//! [`read_generation`], [`read_edit`] or [`read_edit_form`] -> [`Request`] -> [`write_requests`] -> [`read_answer`] for each call
//! -> [`merge`] -> [`write_answer`].

mod answer;
mod google;
mod openai;
mod read;
mod request;
mod size;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Image, ImageData, merge, read_answer, write_answer};
pub use read::{read_edit, read_edit_form, read_generation};
pub use request::{Asked, Request};
use roundhouse_domain::spec::ProviderKind;

use super::Call;
use crate::generation::{Losses, Unsupported};

/// A provider's form of images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wire {
    /// Gemini's models that make images, by `generateContent`.
    Gemini,
    /// Imagen, by `predict`.
    Imagen,
    /// xAI.
    Xai,
    /// `SiliconFlow`.
    Siliconflow,
    /// Zhipu (Z.ai).
    Zhipu,
    /// Doubao Seedream on Volcengine Ark.
    Doubao,
    /// Together.
    Together,
}

impl Wire {
    /// The form of a provider that has OpenAI's path, and fields of its own.
    pub(super) const fn own(kind: ProviderKind) -> Option<Self> {
        match kind {
            ProviderKind::Xai => Some(Self::Xai),
            ProviderKind::Siliconflow => Some(Self::Siliconflow),
            ProviderKind::Zhipu => Some(Self::Zhipu),
            ProviderKind::Volcengine => Some(Self::Doubao),
            ProviderKind::Together => Some(Self::Together),
            _ => None,
        }
    }

    /// The form of a model of Google's.
    pub fn google(model: &str) -> Self {
        if model.contains("imagen") { Self::Imagen } else { Self::Gemini }
    }
}

/// The upstream calls for a request, several where the provider makes fewer images at once; whatever each makes is a part of the
/// answer.
///
/// # Errors
/// Names what the provider has no place for.
pub fn write_requests(
    request: &Request,
    wire: Wire,
    model: &str,
    losses: &mut Losses,
) -> Result<Vec<Call>, Unsupported> {
    if request.partial_images.is_some_and(|count| count > 0) {
        losses.note("partial_images", "the provider makes whole images alone");
    }
    match wire {
        Wire::Gemini => google::gemini(request, model, losses),
        Wire::Imagen => google::imagen(request, model, losses),
        _ => openai::write(request, wire, model, losses),
    }
}
