//! A layered layout of our own: where boxes and lines go when no Graphviz is at hand.
//!
//! The method of Sugiyama, Tagawa and Toda (1981) in the steps that are usual since Gansner et al.
//! (1993, "A technique for drawing directed graphs"): lines that close a circle are turned (Eades,
//! Lin and Smyth 1993), boxes are put on layers, long lines are cut into pieces of one layer, the
//! order within layers is improved by medians until lines cross little, and places are found that
//! keep lines straight. A label is a box of its own in the middle of its line, so it never lies on
//! another label or box; a line goes through gaps that were kept free for it, so it never runs
//! through a box. The last step moves each layer to the weighted mean of its neighbours under the
//! order and the widths, which is isotonic regression (pool adjacent violators).
//!
//! All of it is deterministic: no random start, ties go to the lower index. Cost: about the number
//! of pieces times the number of sweeps, and the square of the number of boxes for the circles.

/// Width and height in points.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// A place in points; y grows downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A line to be drawn from one box to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Index of the box it leaves.
    pub from: usize,
    /// Index of the box it enters.
    pub to: usize,
    /// Size of its label; zero if it has none.
    pub label: Size,
}

/// Distances in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spacing {
    /// Between boxes of one layer.
    pub boxes: f64,
    /// Between layers.
    pub layers: f64,
    /// Between parts of the picture that no line joins.
    pub parts: f64,
}

impl Default for Spacing {
    fn default() -> Spacing {
        Spacing {
            boxes: 22.0,
            layers: 26.0,
            parts: 36.0,
        }
    }
}

/// Where everything goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Centre of each box.
    pub boxes: Vec<Point>,
    /// For each line the points it passes, from the edge of its first box to that of its last. Two
    /// points of equal x are joined by a straight piece, others by an S-shaped one that leaves and
    /// arrives upright.
    pub lines: Vec<Vec<Point>>,
    /// Centre of each line's label.
    pub labels: Vec<Point>,
    /// Size of the whole.
    pub size: Size,
}

/// Lays out boxes and lines. Lines whose ends are no boxes, or the same box, get no points.
///
/// `ratio` is the width over height that the parts are packed to.
pub fn layered(boxes: &[Size], lines: &[Line], spacing: Spacing, ratio: f64) -> Layout {
    let mut layout = Layout {
        boxes: vec![Point::default(); boxes.len()],
        lines: vec![Vec::new(); lines.len()],
        labels: vec![Point::default(); lines.len()],
        size: Size::default(),
    };
    let good = |line: &Line| line.from != line.to && line.from.max(line.to) < boxes.len();
    let part_of = parts(boxes.len(), lines.iter().filter(|line| good(line)));
    let n_parts = part_of.iter().max().map_or(0, |last| last + 1);
    let mut members = vec![(Vec::new(), Vec::new()); n_parts];
    for (index, part) in part_of.iter().enumerate() {
        members[*part].0.push(index);
    }
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| good(line)) {
        members[part_of[line.from]].1.push(index);
    }
    let drawn: Vec<Part> = members
        .into_iter()
        .map(|(members, own)| Part::new(members, own, boxes, lines, spacing))
        .collect();
    pack(&drawn, spacing, ratio, &mut layout);
    layout
}

/// The connected part of each box, numbered in the order of their first boxes.
fn parts<'a>(n_boxes: usize, lines: impl Iterator<Item = &'a Line>) -> Vec<usize> {
    let mut parent: Vec<usize> = (0..n_boxes).collect();
    fn root(parent: &mut [usize], mut of: usize) -> usize {
        while parent[of] != of {
            parent[of] = parent[parent[of]];
            of = parent[of];
        }
        of
    }
    for line in lines {
        let (a, b) = (root(&mut parent, line.from), root(&mut parent, line.to));
        parent[a.max(b)] = a.min(b);
    }
    let mut numbers = vec![usize::MAX; n_boxes];
    let mut next = 0;
    (0..n_boxes)
        .map(|index| {
            let root = root(&mut parent, index);
            if numbers[root] == usize::MAX {
                numbers[root] = next;
                next += 1;
            }
            numbers[root]
        })
        .collect()
}

/// Puts the drawn parts into rows, the highest first.
fn pack(drawn: &[Part], spacing: Spacing, ratio: f64, layout: &mut Layout) {
    let area: f64 = drawn
        .iter()
        .map(|part| (part.size.w + spacing.parts) * (part.size.h + spacing.parts))
        .sum();
    let widest = drawn.iter().map(|part| part.size.w).fold(0.0, f64::max);
    let limit = widest.max((area * ratio).sqrt());
    let mut order: Vec<usize> = (0..drawn.len()).collect();
    order.sort_by(|a, b| drawn[*b].size.h.total_cmp(&drawn[*a].size.h).then(a.cmp(b)));
    let (mut x, mut y, mut row): (f64, f64, f64) = (0.0, 0.0, 0.0);
    for part in order.into_iter().map(|index| &drawn[index]) {
        if 0.0 < x && limit < x + part.size.w {
            y += row + spacing.parts;
            (x, row) = (0.0, 0.0);
        }
        let moved = |point: Point| Point {
            x: point.x + x,
            y: point.y + y,
        };
        for (index, place) in &part.boxes {
            layout.boxes[*index] = moved(*place);
        }
        for (index, points, label) in &part.lines {
            layout.lines[*index] = points.iter().copied().map(moved).collect();
            layout.labels[*index] = moved(*label);
        }
        layout.size.w = layout.size.w.max(x + part.size.w);
        layout.size.h = layout.size.h.max(y + part.size.h);
        x += part.size.w + spacing.parts;
        row = row.max(part.size.h);
    }
}

/// A connected part, drawn from its own origin.
struct Part {
    boxes: Vec<(usize, Point)>,
    lines: Vec<(usize, Vec<Point>, Point)>,
    size: Size,
}

/// A box, or a piece of a line where it crosses a layer.
#[derive(Clone, Debug)]
struct Piece {
    size: Size,
    layer: usize,
    /// Pieces of the layer above, and of the layer below, that lines join it with.
    up: Vec<usize>,
    down: Vec<usize>,
    /// A box of the picture, not a piece of a line.
    is_box: bool,
    x: f64,
}

impl Part {
    fn new(
        members: Vec<usize>,
        own: Vec<usize>,
        boxes: &[Size],
        lines: &[Line],
        spacing: Spacing,
    ) -> Part {
        let local = |index: usize| members.binary_search(&index).unwrap_or(0);
        let ends: Vec<(usize, usize)> = own
            .iter()
            .map(|index| (local(lines[*index].from), local(lines[*index].to)))
            .collect();
        let downwards = break_circles(members.len(), &ends);
        let layers = assign_layers(members.len(), &downwards);
        let mut pieces: Vec<Piece> = members
            .iter()
            .zip(&layers)
            .map(|(index, layer)| Piece {
                size: boxes[*index],
                layer: *layer,
                up: Vec::new(),
                down: Vec::new(),
                is_box: true,
                x: 0.0,
            })
            .collect();
        // The pieces of each line from top to bottom, ends included.
        let chains: Vec<Vec<usize>> = downwards
            .iter()
            .zip(&own)
            .map(|((top, bottom), index)| chain(*top, *bottom, lines[*index].label, &mut pieces))
            .collect();
        let n_layers = pieces
            .iter()
            .map(|piece| piece.layer + 1)
            .max()
            .unwrap_or(0);
        let order = order_layers(&pieces, n_layers);
        place_across(&mut pieces, &order, spacing);
        let (middles, heights) = place_layers(&pieces, &order, spacing);
        let at = |piece: usize| Point {
            x: pieces[piece].x,
            y: middles[pieces[piece].layer],
        };
        let ports = ports(&pieces, &chains);
        let lines = own
            .iter()
            .zip(chains.iter().zip(&ports))
            .zip(ends.iter().zip(&downwards))
            .map(|((index, (chain, (start, end))), (ends, downwards))| {
                let mut points = vec![Point {
                    x: *start,
                    y: at(chain[0]).y + pieces[chain[0]].size.h / 2.0,
                }];
                for piece in &chain[1..chain.len() - 1] {
                    let centre = at(*piece);
                    let half = heights[pieces[*piece].layer] / 2.0;
                    for y in [centre.y - half, centre.y + half] {
                        points.push(Point { x: centre.x, y });
                    }
                }
                let last = chain[chain.len() - 1];
                points.push(Point {
                    x: *end,
                    y: at(last).y - pieces[last].size.h / 2.0,
                });
                if ends != downwards {
                    points.reverse();
                }
                (*index, points, at(chain[chain.len() / 2]))
            })
            .collect();
        let right = |piece: &Piece| piece.x + piece.size.w / 2.0;
        let width = pieces.iter().map(right).fold(0.0, f64::max);
        let bottom = middles.iter().zip(&heights).map(|(y, h)| y + h / 2.0);
        Part {
            boxes: (0..members.len())
                .map(|own| (members[own], at(own)))
                .collect(),
            lines,
            size: Size {
                w: width,
                h: bottom.fold(0.0, f64::max),
            },
        }
    }
}

/// Turns lines so that none is left in a circle: those that run backwards in an order with sinks
/// last, sources first, and else the box with most lines out over lines in first.
fn break_circles(n_boxes: usize, ends: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut alive = vec![true; n_boxes];
    let (mut first, mut last) = (Vec::new(), Vec::new());
    let mut out = vec![0i64; n_boxes];
    let mut into = vec![0i64; n_boxes];
    for (from, to) in ends {
        out[*from] += 1;
        into[*to] += 1;
    }
    while let Some(best) = (0..n_boxes)
        .filter(|index| alive[*index])
        .max_by_key(|index| {
            let rank = match (out[*index], into[*index]) {
                (0, _) => i64::MAX,
                (_, 0) => i64::MAX - 1,
                (out, into) => out - into,
            };
            (rank, std::cmp::Reverse(*index))
        })
    {
        alive[best] = false;
        if out[best] == 0 {
            last.push(best);
        } else {
            first.push(best);
        }
        for (from, to) in ends {
            if *from == best && alive[*to] {
                into[*to] -= 1;
            }
            if *to == best && alive[*from] {
                out[*from] -= 1;
            }
        }
    }
    let mut rank = vec![0; n_boxes];
    for (place, index) in first.into_iter().chain(last.into_iter().rev()).enumerate() {
        rank[index] = place;
    }
    ends.iter()
        .map(|(from, to)| {
            if rank[*from] <= rank[*to] {
                (*from, *to)
            } else {
                (*to, *from)
            }
        })
        .collect()
}

/// A layer for each box: lines run down at least two layers, so that a label has one of its own;
/// boxes are then pulled towards their neighbours as long as lines get shorter by it.
fn assign_layers(n_boxes: usize, lines: &[(usize, usize)]) -> Vec<usize> {
    let mut above = vec![Vec::new(); n_boxes];
    let mut below = vec![Vec::new(); n_boxes];
    for (from, to) in lines {
        below[*from].push(*to);
        above[*to].push(*from);
    }
    // Longest path: a box is placed once all above it are (Kahn 1962).
    let mut layers = vec![0usize; n_boxes];
    let mut waiting: Vec<usize> = above.iter().map(Vec::len).collect();
    let mut ready: Vec<usize> = (0..n_boxes).filter(|index| waiting[*index] == 0).collect();
    while let Some(index) = ready.pop() {
        for &next in &below[index] {
            layers[next] = layers[next].max(layers[index] + 2);
            waiting[next] -= 1;
            if waiting[next] == 0 {
                ready.push(next);
            }
        }
    }
    for _ in 0..8 {
        let mut changed = false;
        for index in 0..n_boxes {
            let low = above[index].iter().map(|from| layers[*from] + 2).max();
            let high = below[index]
                .iter()
                .map(|to| layers[*to].saturating_sub(2))
                .min();
            let wanted = match above[index].len().cmp(&below[index].len()) {
                std::cmp::Ordering::Less => high,
                std::cmp::Ordering::Greater => low,
                std::cmp::Ordering::Equal => None,
            };
            let free = low.unwrap_or(0)..=high.unwrap_or(usize::MAX);
            if let Some(wanted) = wanted.filter(|layer| free.contains(layer))
                && wanted != layers[index]
            {
                layers[index] = wanted;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    let top = layers.iter().copied().min().unwrap_or(0);
    layers.iter().map(|layer| layer - top).collect()
}

/// Cuts a line into pieces of one layer; the middle one is the place of its label.
fn chain(top: usize, bottom: usize, label: Size, pieces: &mut Vec<Piece>) -> Vec<usize> {
    let (from, to) = (pieces[top].layer, pieces[bottom].layer);
    let mut chain = vec![top];
    // `chain[len / 2]` of the whole is the label's.
    let middle = from + (to - from).div_ceil(2);
    for layer in from + 1..to {
        let size = if layer == middle {
            label
        } else {
            Size::default()
        };
        pieces.push(Piece {
            size: Size {
                w: size.w.max(2.0),
                h: size.h,
            },
            layer,
            up: Vec::new(),
            down: Vec::new(),
            is_box: false,
            x: 0.0,
        });
        chain.push(pieces.len() - 1);
    }
    chain.push(bottom);
    for pair in chain.windows(2) {
        if let [upper, lower] = pair {
            pieces[*upper].down.push(*lower);
            pieces[*lower].up.push(*upper);
        }
    }
    chain
}

/// The order of pieces in each layer, with few crossings.
fn order_layers(pieces: &[Piece], n_layers: usize) -> Vec<Vec<usize>> {
    let mut order = vec![Vec::new(); n_layers];
    // A walk from each box in turn keeps what is joined together from the start.
    let mut seen = vec![false; pieces.len()];
    for start in 0..pieces.len() {
        let mut stack = vec![start];
        while let Some(piece) = stack.pop() {
            if std::mem::replace(&mut seen[piece], true) {
                continue;
            }
            order[pieces[piece].layer].push(piece);
            let near = pieces[piece].down.iter().chain(&pieces[piece].up);
            stack.extend(near.filter(|next| !seen[**next]));
        }
    }
    let mut best = (crossings(pieces, &order), order.clone());
    for sweep in 0..24 {
        let down = sweep % 2 == 0;
        let layers: Vec<usize> = if down {
            (1..n_layers).collect()
        } else {
            (0..n_layers.saturating_sub(1)).rev().collect()
        };
        for layer in layers {
            let beside = if down { layer - 1 } else { layer + 1 };
            let mut place = vec![0usize; pieces.len()];
            for (at, piece) in order[beside].iter().enumerate() {
                place[*piece] = at;
            }
            let keys: Vec<Option<f64>> = order[layer]
                .iter()
                .map(|piece| {
                    let near = if down {
                        &pieces[*piece].up
                    } else {
                        &pieces[*piece].down
                    };
                    median(near.iter().map(|next| place[*next]).collect())
                })
                .collect();
            sort_by_keys(&mut order[layer], &keys);
        }
        exchange(pieces, &mut order);
        let crossed = crossings(pieces, &order);
        if crossed < best.0 {
            best = (crossed, order.clone());
        }
        if best.0 == 0 {
            break;
        }
    }
    best.1
}

/// Sorts pieces by their keys; those without a key keep their places.
fn sort_by_keys(layer: &mut [usize], keys: &[Option<f64>]) {
    let mut keyed: Vec<(f64, usize, usize)> = layer
        .iter()
        .zip(keys)
        .enumerate()
        .filter_map(|(at, (piece, key))| key.map(|key| (key, at, *piece)))
        .collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut sorted = keyed.into_iter();
    for (slot, key) in layer.iter_mut().zip(keys) {
        if key.is_some()
            && let Some((_, _, piece)) = sorted.next()
        {
            *slot = piece;
        }
    }
}

/// The median of places; between two middle ones nearer to where the others crowd.
fn median(mut places: Vec<usize>) -> Option<f64> {
    places.sort_unstable();
    let n = places.len();
    let at = |index: usize| places[index] as f64;
    match n {
        0 => None,
        n if n % 2 == 1 => Some(at(n / 2)),
        2 => Some((at(0) + at(1)) / 2.0),
        n => {
            let (left, right) = (at(n / 2 - 1) - at(0), at(n - 1) - at(n / 2));
            let (low, high) = (at(n / 2 - 1), at(n / 2));
            if left + right == 0.0 {
                return Some((low + high) / 2.0);
            }
            Some((low * right + high * left) / (left + right))
        }
    }
}

/// Exchanges neighbours within layers while lines cross less by it.
fn exchange(pieces: &[Piece], order: &mut [Vec<usize>]) {
    let mut place = vec![0usize; pieces.len()];
    for layer in order.iter() {
        for (at, piece) in layer.iter().enumerate() {
            place[*piece] = at;
        }
    }
    for _ in 0..4 {
        let mut changed = false;
        for layer in order.iter_mut() {
            for at in 1..layer.len() {
                let (a, b) = (layer[at - 1], layer[at]);
                let cost = |left: usize, right: usize| {
                    pair_crossings(&pieces[left].up, &pieces[right].up, &place)
                        + pair_crossings(&pieces[left].down, &pieces[right].down, &place)
                };
                if cost(b, a) < cost(a, b) {
                    layer.swap(at - 1, at);
                    place.swap(a, b);
                    changed = true;
                }
            }
        }
        if !changed {
            break;
        }
    }
}

/// Crossings between the lines of a piece and those of the piece to its right.
fn pair_crossings(left: &[usize], right: &[usize], place: &[usize]) -> usize {
    left.iter()
        .map(|a| right.iter().filter(|b| place[**b] < place[*a]).count())
        .sum()
}

/// All crossings, by inversions of the lower ends (Barth, Jünger and Mutzel 2002).
fn crossings(pieces: &[Piece], order: &[Vec<usize>]) -> usize {
    let mut total = 0;
    let mut place = vec![0usize; pieces.len()];
    for pair in order.windows(2) {
        let [upper, lower] = pair else { continue };
        for (at, piece) in lower.iter().enumerate() {
            place[*piece] = at;
        }
        // A Fenwick tree over the places of the lower layer.
        let mut tree = vec![0usize; lower.len() + 1];
        let mut n_seen = 0;
        for piece in upper {
            let mut ends: Vec<usize> = pieces[*piece].down.iter().map(|to| place[*to]).collect();
            ends.sort_unstable();
            for end in &ends {
                let mut at = end + 1;
                let mut before = 0;
                while 0 < at {
                    before += tree[at];
                    at &= at - 1;
                }
                total += n_seen - before;
            }
            for end in ends {
                let mut at = end + 1;
                while at < tree.len() {
                    tree[at] += 1;
                    at += at & at.wrapping_neg();
                }
                n_seen += 1;
            }
        }
    }
    total
}

/// Finds x for all pieces: order and widths are kept, lines are made straight, those of long
/// lines most of all.
fn place_across(pieces: &mut [Piece], order: &[Vec<usize>], spacing: Spacing) {
    for layer in order {
        let mut x = 0.0;
        for piece in layer {
            let half = pieces[*piece].size.w / 2.0;
            pieces[*piece].x = x + half;
            x += 2.0 * half + spacing.boxes;
        }
    }
    let n = order.len();
    for round in 0..40 {
        let down = round % 2 == 0;
        for step in 0..n {
            let layer = &order[if down { step } else { n - 1 - step }];
            // The last rounds look both ways, so that no side wins.
            let both = 30 <= round;
            let wanted: Vec<(f64, f64)> = layer
                .iter()
                .map(|index| {
                    let piece = &pieces[*index];
                    let above = piece.up.iter().filter(|_| down || both);
                    let below = piece.down.iter().filter(|_| !down || both);
                    let (mut sum, mut weight) = (0.0, 0.0);
                    for near in above.chain(below) {
                        // Weights of Gansner et al.: 1, 2 and 8 by how many ends are boxes.
                        let own = match (piece.is_box, pieces[*near].is_box) {
                            (true, true) => 1.0,
                            (false, false) => 8.0,
                            _ => 2.0,
                        };
                        sum += own * pieces[*near].x;
                        weight += own;
                    }
                    if weight == 0.0 {
                        (piece.x, 0.1)
                    } else {
                        (sum / weight, weight)
                    }
                })
                .collect();
            settle(pieces, layer, &wanted, spacing);
        }
    }
    let left = pieces.iter().map(|piece| piece.x - piece.size.w / 2.0);
    let left = left.fold(f64::INFINITY, f64::min);
    for piece in pieces {
        piece.x -= left;
    }
}

/// Moves the pieces of a layer as near as can be to where they want to be, in order and without
/// overlap: weighted isotonic regression on the places less the widths before them.
fn settle(pieces: &mut [Piece], layer: &[usize], wanted: &[(f64, f64)], spacing: Spacing) {
    // Offset of each piece when all stand close together.
    let mut offsets = Vec::with_capacity(layer.len());
    let mut offset = 0.0;
    for (at, piece) in layer.iter().enumerate() {
        let half = pieces[*piece].size.w / 2.0;
        if 0 < at {
            offset += spacing.boxes + half;
        }
        offsets.push(offset);
        offset += half;
    }
    // Blocks of pieces that touch: weighted mean, weight, how many.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::with_capacity(layer.len());
    for ((want, weight), offset) in wanted.iter().zip(&offsets) {
        let mut block = (want - offset, *weight, 1);
        while let Some(before) = blocks.last().copied() {
            if before.0 <= block.0 {
                break;
            }
            blocks.pop();
            let sum = before.1 + block.1;
            let mean = (before.0 * before.1 + block.0 * block.1) / sum;
            block = (mean, sum, before.2 + block.2);
        }
        blocks.push(block);
    }
    let places = blocks
        .into_iter()
        .flat_map(|(mean, _, n)| std::iter::repeat_n(mean, n));
    for ((piece, offset), place) in layer.iter().zip(&offsets).zip(places) {
        pieces[*piece].x = place + offset;
    }
}

/// Middle and height of each layer.
fn place_layers(pieces: &[Piece], order: &[Vec<usize>], spacing: Spacing) -> (Vec<f64>, Vec<f64>) {
    let heights: Vec<f64> = order
        .iter()
        .map(|layer| layer.iter().map(|p| pieces[*p].size.h).fold(0.0, f64::max))
        .collect();
    let mut y = 0.0;
    let middles = heights
        .iter()
        .map(|height| {
            let middle = y + height / 2.0;
            y += height + spacing.layers;
            middle
        })
        .collect();
    (middles, heights)
}

/// Where along its box each line leaves and arrives, so that several lines fan out.
fn ports(pieces: &[Piece], chains: &[Vec<usize>]) -> Vec<(f64, f64)> {
    // Sides of boxes: (box, lower side, x of the next piece, line).
    let mut sides: Vec<(usize, bool, f64, usize)> = Vec::new();
    for (line, chain) in chains.iter().enumerate() {
        if let [first, second, ..] = chain.as_slice() {
            sides.push((*first, true, pieces[*second].x, line));
        }
        if let [.., second, last] = chain.as_slice() {
            sides.push((*last, false, pieces[*second].x, line));
        }
    }
    sides.sort_by(|a, b| {
        (a.0, a.1)
            .cmp(&(b.0, b.1))
            .then(a.2.total_cmp(&b.2))
            .then(a.3.cmp(&b.3))
    });
    let mut found = vec![(0.0, 0.0); chains.len()];
    for side in sides.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let n = side.len() as f64;
        for (at, (owner, below, _, line)) in side.iter().enumerate() {
            let piece = &pieces[*owner];
            let share = (at as f64 + 1.0) / (n + 1.0) - 0.5;
            let x = piece.x + share * piece.size.w * 0.6;
            if *below {
                found[*line].0 = x;
            } else {
                found[*line].1 = x;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look random and are always the same (an LCG of Knuth's).
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, n: usize) -> usize {
            self.0 = self
                .0
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            ((self.0 >> 33) % n as u64) as usize
        }
    }

    fn picture(seed: u64, n_boxes: usize, n_lines: usize) -> (Vec<Size>, Vec<Line>) {
        let mut dice = Dice(seed);
        let boxes = (0..n_boxes)
            .map(|_| Size {
                w: 40.0 + dice.roll(120) as f64,
                h: 30.0,
            })
            .collect();
        let lines = (0..n_lines)
            .map(|_| Line {
                from: dice.roll(n_boxes),
                to: dice.roll(n_boxes),
                label: Size {
                    w: 30.0 + dice.roll(60) as f64,
                    h: 12.0,
                },
            })
            .collect();
        (boxes, lines)
    }

    fn apart(a: (Point, Size), b: (Point, Size)) -> bool {
        let dx = (a.0.x - b.0.x).abs() - (a.1.w + b.1.w) / 2.0;
        let dy = (a.0.y - b.0.y).abs() - (a.1.h + b.1.h) / 2.0;
        -1e-6 <= dx.max(dy)
    }

    #[test]
    fn nothing_overlaps_and_lines_keep_off_boxes() {
        // boxes, lines
        for (n_boxes, n_lines) in [(1, 0), (2, 5), (12, 14), (40, 55), (60, 40), (30, 120)] {
            let (boxes, lines) = picture(7 + n_boxes as u64, n_boxes, n_lines);
            let layout = layered(&boxes, &lines, Spacing::default(), 1.4);
            let mut all: Vec<(Point, Size)> = layout
                .boxes
                .iter()
                .copied()
                .zip(boxes.iter().copied())
                .collect();
            for (line, label) in lines.iter().zip(&layout.labels) {
                if line.from != line.to {
                    all.push((*label, line.label));
                }
            }
            for (i, a) in all.iter().enumerate() {
                for b in &all[..i] {
                    assert!(apart(*a, *b), "{n_boxes} boxes: {a:?} lies on {b:?}");
                }
                assert!(
                    0.0 <= a.0.x - a.1.w / 2.0 + 1e-6,
                    "{n_boxes} boxes: left of the picture"
                );
                assert!(
                    a.0.x + a.1.w / 2.0 <= layout.size.w + 1e-6,
                    "{n_boxes} boxes: right of it"
                );
            }
            for (line, points) in lines.iter().zip(&layout.lines) {
                assert_eq!(points.is_empty(), line.from == line.to);
                // Upright pieces stand in gaps; the others run between two layers, where no box is.
                for pair in points.windows(2).filter(|pair| pair[0].x == pair[1].x) {
                    let middle = Point {
                        x: pair[0].x,
                        y: (pair[0].y + pair[1].y) / 2.0,
                    };
                    for (index, place) in layout.boxes.iter().enumerate() {
                        let hit = !apart((middle, Size::default()), (*place, boxes[index]));
                        let own = index == line.from || index == line.to;
                        assert!(own || !hit, "{n_boxes} boxes: a line runs through a box");
                    }
                }
            }
        }
    }

    #[test]
    fn the_same_picture_every_time() {
        let (boxes, lines) = picture(3, 30, 45);
        let once = layered(&boxes, &lines, Spacing::default(), 1.4);
        assert_eq!(once, layered(&boxes, &lines, Spacing::default(), 1.4));
    }

    #[test]
    fn a_tree_has_no_crossings() {
        let ends: Vec<(usize, usize)> = (1..31).map(|index| ((index - 1) / 2, index)).collect();
        let layers = assign_layers(31, &ends);
        let mut pieces: Vec<Piece> = layers
            .iter()
            .map(|layer| Piece {
                size: Size { w: 10.0, h: 10.0 },
                layer: *layer,
                up: Vec::new(),
                down: Vec::new(),
                is_box: true,
                x: 0.0,
            })
            .collect();
        for (from, to) in &ends {
            chain(*from, *to, Size::default(), &mut pieces);
        }
        let n_layers = pieces.iter().map(|piece| piece.layer + 1).max().unwrap();
        let order = order_layers(&pieces, n_layers);
        assert_eq!(crossings(&pieces, &order), 0);
    }

    #[test]
    fn circles_are_broken() {
        let ends = [(0, 1), (1, 2), (2, 0), (2, 3), (3, 1)];
        let layers = assign_layers(4, &break_circles(4, &ends));
        for (from, to) in break_circles(4, &ends) {
            assert!(layers[from] + 2 <= layers[to], "{from} {to} {layers:?}");
        }
    }
}
