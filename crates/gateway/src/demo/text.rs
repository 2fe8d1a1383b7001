//! The texts that the demo model says, in English and in Chinese.

use super::ask::Ask;
use super::behaviour::without_directives;
use super::words::{is_chinese, pieces, shorten};

/// Characters of the prompt, or of a tool's result, that an answer cites.
const CITED_CHARS: usize = 200;

const LONG_ENGLISH: &[&str] = &[
    "This is a long answer from the demo model, made to be watched while it streams.",
    "Every sentence comes from a short list that starts again when it ends.",
    "A gateway passes each word on as soon as it arrives and holds none of them back.",
    "Close the connection now and the upstream stops at once; nobody pays for words that nobody reads.",
    "Leave it open and the last event brings the usage, counted in tokens.",
];

const LONG_CHINESE: &[&str] = &[
    "这是演示模型的一段长回答，用来观察流式输出。",
    "每个句子都来自一份简短的列表，用完之后从头开始。",
    "网关收到一个词就立即转发一个词，不会积压。",
    "现在断开连接，上游会马上停止；没有人阅读的文字不会产生费用。",
    "保持连接，最后一个事件会带来以令牌计的用量。",
];

/// The usual answer: who this is, what was asked, what to try next.
pub(super) fn welcome(ask: &Ask) -> String {
    let asked = shorten(&without_directives(&ask.prompt), CITED_CHARS);
    if is_chinese(&ask.prompt) { welcome_chinese(&asked, ask) } else { welcome_english(&asked, ask) }
}

// The directives are described, not written out: a client that sends this answer back inside a prompt, for a title or
// a summary, must not trigger one.
fn welcome_english(asked: &str, ask: &Ask) -> String {
    let echo = if asked.is_empty() { String::new() } else { format!("\n\nYou asked: “{asked}”") };
    let files = match ask.attachments {
        0 => String::new(),
        1 => "\nOne image or file came with it.".to_owned(),
        many => format!("\n{many} images or files came with it."),
    };
    format!(
        "Hello! I am Roundhouse's demo model. I run inside the gateway, offline and without a key, \
        and I always answer the same question the same way.{echo}{files}\
        \n\nWhat to try next:\
        \n- Ask with \"stream\": true and watch the words arrive.\
        \n- Offer me a tool and mention it, and I will call it.\
        \n- Put a word in double square brackets to see how your client copes: slow, long, tool, thinking, json, \
        cut, or error:429.\
        \n- For a real model, add a provider with its key in the console or in roundhouse.yaml."
    )
}

fn welcome_chinese(asked: &str, ask: &Ask) -> String {
    let echo = if asked.is_empty() { String::new() } else { format!("\n\n你的问题是：“{asked}”") };
    let files = match ask.attachments {
        0 => String::new(),
        many => format!("\n同时收到 {many} 个图片或文件。"),
    };
    format!(
        "你好！我是 Roundhouse 的演示模型。我在网关进程内部离线运行，不需要密钥，同样的问题总是得到同样的回答。{echo}{files}\
        \n\n接下来可以试试：\
        \n- 在请求中设置 \"stream\": true，观察文字逐词到达。\
        \n- 提供一个工具并在问题中提到它，我会调用它。\
        \n- 用双方括号写一个词，看看客户端如何应对：slow、long、tool、thinking、json、cut 或 error:429。\
        \n- 想使用真正的模型，请在控制台或 roundhouse.yaml 中添加提供商和密钥。"
    )
}

/// The answer to the results of tools.
pub(super) fn about_results(ask: &Ask) -> String {
    let chinese = is_chinese(&ask.prompt);
    let cited = ask.results.iter().map(|result| format!("“{}”", shorten(result, CITED_CHARS)));
    let cited = cited.collect::<Vec<_>>().join(if chinese { "；" } else { "; " });
    if chinese {
        format!("工具返回了{cited}。这就是演示模型根据工具结果给出的回答。")
    } else {
        format!("The tool returned {cited}. That is the demo model's answer from the tool's result.")
    }
}

/// A text of exactly `tokens` tokens.
pub(super) fn long(prompt: &str, tokens: usize) -> String {
    let (sentences, gap) = if is_chinese(prompt) { (LONG_CHINESE, "\n") } else { (LONG_ENGLISH, " ") };
    let mut text = String::new();
    let mut left = tokens;
    for sentence in sentences.iter().cycle() {
        let spaced = format!("{}{sentence}", if text.is_empty() { "" } else { gap });
        let taken: Vec<_> = pieces(spaced).take(left).collect();
        left -= taken.len();
        text.extend(taken);
        if left == 0 {
            break;
        }
    }
    text
}

/// What the model thinks before it answers.
pub(super) fn thinking(prompt: &str) -> String {
    let asked = shorten(&without_directives(prompt), CITED_CHARS);
    if is_chinese(prompt) {
        format!("用户问的是“{asked}”。我是演示模型，先想一想，然后给出固定的回答。")
    } else {
        format!(
            "The user asks “{asked}”. I am the demo model: I think for a moment, then I give the answer I always give."
        )
    }
}

/// What is heard in a recording.
pub(super) fn transcript(name: &str, bytes: usize, chinese: bool) -> String {
    if chinese {
        format!("这是演示模型的转写结果：录音 {name}，共 {bytes} 字节。")
    } else {
        format!("This is the demo model's transcript of {name}, a recording of {bytes} bytes.")
    }
}

#[cfg(test)]
mod tests {
    use super::super::behaviour::Behaviour;
    use super::super::words;
    use super::*;

    #[test]
    fn long_texts_have_exactly_so_many_tokens() {
        for prompt in ["hello", "你好"] {
            for tokens in [0, 1, 7, 500] {
                assert_eq!(words::count(&long(prompt, tokens)), tokens as u64, "{prompt} {tokens}");
            }
        }
    }

    #[test]
    fn no_answer_triggers_a_behaviour_when_it_is_sent_back() {
        for prompt in ["hello [[slow]]", "你好 [[cut]]"] {
            let ask = Ask { prompt: prompt.to_owned(), results: vec!["21 °C".to_owned()], ..Ask::default() };
            for text in [welcome(&ask), about_results(&ask), thinking(prompt), long(prompt, 200)] {
                assert_eq!(Behaviour::read("demo", &text), Behaviour::default(), "{text}");
            }
        }
    }
}
