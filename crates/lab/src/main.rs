//! `cargo lab`: training, compiling of seeds, evaluation.
mod student;

use student::{backprop::*, data::*, train::*};
use std::path::Path;
use tieline_nlp::neural::{Network, Shape};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let num = |i: usize, d: usize| args.get(i).and_then(|a| a.parse().ok()).unwrap_or(d);
    let data = Path::new("/work/shared/data");
    let mut text = String::new();
    use std::io::Read;
    flate2::read::GzDecoder::new(std::fs::File::open(data.join("vectors/spacy_lookups_en/en_lexeme_cluster.json.gz"))?).read_to_string(&mut text)?;
    let clusters: Clusters = serde_json::from_str(&text)?;
    let vectors = read_vectors(&data.join("vectors/glove6b50"), 100_000, 50)?;
    let fixed = fixed_vectors(&vectors.0, &vectors.1, vectors.2, 50);
    let load = |p: &str| -> std::io::Result<Vec<Example>> { Ok(read_conllu(&data.join(p))?.iter().map(|s| example(s, &clusters)).collect()) };
    let mut train_set = load("train/ud_ewt/train.conllu")?;
    train_set.extend(load("train/gum/train_commercial_ok.conllu")?);
    let ewt = load("dev/ud_ewt/dev.conllu")?;
    let news = load("dev/gum/dev_news.conllu")?;
    let words: usize = train_set.iter().map(|e| e.words.len()).sum();
    eprintln!("{} sentences {} words", train_set.len(), words);
    let shape = Shape { rows: 1 << 15, embed: 78, fixed: 50, hidden: num(1, 96), layers: num(2, 2), arc: 64, label: 64, n_outputs: [tieline_text::Xpos::ALL.len(), tieline_text::Upos::ALL.len(), tieline_text::DepRel::ALL.len(), N_NAME_LABELS] };
    let plan = Plan { batch_words: num(4, 1000), n_steps: num(3, 3000), rate: num(5, 20) as f32 * 1e-4, dropout: Dropout { word: 0.1, input: num(6,25) as f32 / 100.0, output: num(7, 25) as f32 / 100.0 }, seed: 1, threads: num(8, 2) };
    let n = train_set.len();
    let mut order: Vec<usize> = Vec::new();
    let source = move |random: &mut Random| {
        if order.is_empty() { order = (0..n).collect(); for i in (1..n).rev() { order.swap(i, random.below(i + 1)); } }
        order.pop().unwrap_or(0)
    };
    let params = train(&shape, &fixed, &plan, source, &train_set, &mut |at, params| {
        let bytes = network_bytes(&shape, params, &vectors);
        let network = Network::from_bytes(&bytes).expect("own bytes");
        let start = std::time::Instant::now();
        let (u, l, p) = tree_scores(&network, &ewt);
        let time = start.elapsed().as_secs_f64();
        let w: usize = ewt.iter().map(|e| e.words.len()).sum();
        let (u2, l2, p2) = tree_scores(&network, &news);
        eprintln!("  at {at}: ewt UAS {u:.2} LAS {l:.2} XPOS {p:.2}; news UAS {u2:.2} LAS {l2:.2} XPOS {p2:.2}; {:.0} words/s; {} bytes", w as f64 / time, bytes.len());
    });
    let _ = params;
    Ok(())
}
