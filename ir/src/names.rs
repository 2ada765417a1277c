//! Did-you-mean.

/// The closest candidate by Damerau-Levenshtein distance, when it is close enough to be meant: at most a third of the
/// letters are wrong, or only case and separators differ. Ties go to the first candidate.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |s: &str| s.to_lowercase().replace(['_', '-', ' '], "");
    let wanted = plain(name);
    let limit = (name.chars().count().max(3)) / 3;
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        let other = plain(candidate);
        let distance = if other == wanted { 0 } else { strsim::damerau_levenshtein(&wanted, &other) };
        if distance <= limit && best.is_none_or(|(d, _)| distance < d) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn finds_what_was_meant_and_nothing_else() {
        assert_eq!(closest("radus", ["height", "radius"]), Some("radius"));
        assert_eq!(closest("FlightHelmt", ["FlightHelmet"]), Some("FlightHelmet"));
        assert_eq!(closest("BASE-COLOR", ["base_color"]), Some("base_color"));
        assert_eq!(closest("box", ["sphere", "gear"]), None);
        assert_eq!(closest("", ["sphere"]), None);
    }
}
