//! Curves: values that change along keys, by default those of the shot's time.

use scenec_grammar::ast::{Ease, Expr, Keys};
use scenec_grammar::words::foreign_way;
use scenec_ir::{Diagnostic, Dimension, Span, Type, Value};

use super::fit::{Origin, a};
use super::{Checker, Want};
use crate::curve::Way;
use crate::ops::dimension_of;
use crate::typed::{Clock, Coercion, CurveKey, CurveTerm, Term, TermKind};

/// Why the keys of a curve are in no order, if they are.
pub(crate) fn disorder(before: f64, after: f64) -> Option<&'static str> {
    match after.total_cmp(&before) {
        std::cmp::Ordering::Greater => None,
        std::cmp::Ordering::Equal => Some("two keys stand at the same place"),
        std::cmp::Ordering::Less => Some("the keys of a curve ascend, and this one goes back"),
    }
}

impl Checker<'_, '_> {
    /// The value of `t` or `frame`, where no definition has this name.
    pub(super) fn clock(&mut self, name: &str, span: Span) -> Option<Term> {
        let clock = Clock::of(name)?;
        let ty = match clock {
            Clock::Time => Type::Quantity(Dimension::TIME),
            Clock::Frame => Type::Int,
        };
        self.current.timed = true;
        Some(Term::new(TermKind::Now(clock), ty, span))
    }

    /// `(0s: 0m, 2s: 4m ease in_out)`.
    pub(super) fn curve(&mut self, curve: &Keys, span: Span, want: &Want) -> Term {
        if curve.keys.is_empty() {
            let diagnostic = Diagnostic::error("E0330", "a curve without keys", span);
            self.report(diagnostic.hint("keys are written `(0s: 0m, 2s: 4m ease in_out)`"));
            return Term::failed(span);
        }
        let over = match &curve.over {
            None => None,
            Some(over) => match self.along(over) {
                Some(term) => Some(term),
                None => return Term::failed(span),
            },
        };
        let places = self.places(curve, over.as_ref());
        let values = self.values(curve, span, want);
        let (Some((places, over)), Some(values)) = (places, values) else { return Term::failed(span) };
        let blends = matches!(values[0].ty, Type::Quantity(_) | Type::Vec2(_) | Type::Vec3(_) | Type::Color);
        let Some(ways) = self.ways(curve, &values[0], blends) else { return Term::failed(span) };
        let (ty, shape) = (values[0].ty.clone(), values[0].shape.clone());
        let keys = places.into_iter().zip(values).zip(ways);
        let keys = keys.map(|((at, value), way)| CurveKey { at, value, way }).collect();
        let kind = TermKind::Curve(Box::new(CurveTerm { over, keys }));
        self.fold(Term { kind, ty, shape, span })
    }

    /// What the keys are along.
    fn along(&mut self, over: &Expr) -> Option<Term> {
        let term = self.expr(over, &Want::anything());
        match &term.ty {
            Type::Unknown => None,
            ty if dimension_of(ty).is_some() => Some(term),
            ty => {
                let message = format!("keys stand along a number, and `over` is {}", a(ty));
                let hint = "`t`, `frame`, or any number: `over: mod(t, 4s)`, `over: height`";
                self.report(Diagnostic::error("E0330", message, over.span).hint(hint));
                None
            }
        }
    }

    /// Where the keys stand, and along what.
    fn places(&mut self, curve: &Keys, over: Option<&Term>) -> Option<(Vec<Term>, Term)> {
        let mut want = match over {
            None => Want::anything(),
            Some(over) => {
                let dimension = dimension_of(&over.ty)?;
                let ty = if over.ty == Type::Int { Type::Int } else { Type::Quantity(dimension) };
                let origin = Origin::Place(over.span, format!("they stand along {}", a(&ty)));
                Want::of(ty, "every key of this curve", origin)
            }
        };
        let mut places: Vec<Term> = Vec::new();
        let mut failed = false;
        for key in &curve.keys {
            let place = self.expr(&key.at, &want);
            if want.ty.is_none() && place.ty != Type::Unknown {
                let time = Type::Quantity(Dimension::TIME);
                if place.ty != time && place.ty != Type::Int {
                    let message = format!("a key stands at a time or a frame, not at {}", a(&place.ty));
                    let diagnostic = Diagnostic::error("E0330", message, key.at.span);
                    self.report(diagnostic.hint(
                        "a time since the shot began is `2s`, a frame `1049`; `over: x` behind the keys is for any other number",
                    ));
                    return None;
                }
                let origin = Origin::Place(key.at.span, format!("the first one is {}", a(&place.ty)));
                want = Want::of(place.ty.clone(), "every key of this curve", origin);
            }
            failed |= place.ty == Type::Unknown;
            if let (Some(before), Some(after)) = (places.last().and_then(Term::value), place.value())
                && let Some(fault) = disorder(before.as_f64()?, after.as_f64()?)
            {
                let last = places.last().map_or(key.at.span, |p| p.span);
                let diagnostic = Diagnostic::error("E0330", fault, key.at.span);
                self.report(
                    diagnostic.because(last, "the key before").hint("write the keys in the order of their times"),
                );
                failed = true;
            }
            places.push(place);
        }
        if failed {
            return None;
        }
        let over = match over {
            Some(over) => over.clone(),
            None => {
                let name = if places[0].ty == Type::Int { "frame" } else { "t" };
                self.clock(name, places[0].span)?
            }
        };
        Some((places, over))
    }

    /// The values, all of one type.
    fn values(&mut self, curve: &Keys, span: Span, want: &Want) -> Option<Vec<Term>> {
        if let Some(Type::Quantity(d)) = want.ty {
            let values: Vec<Expr> = curve.keys.iter().map(|k| k.value.clone()).collect();
            if self.units_missing(&values, d, span, want) {
                return None;
            }
        }
        // What is wanted helps each value; whether the curve is that is seen of all of it.
        let mut terms: Vec<Term> = curve.keys.iter().map(|k| self.infer(&k.value, want)).collect();
        if terms.iter().any(|t| t.ty == Type::Unknown) {
            return None;
        }
        let are_ratios = terms.iter().all(|t| dimension_of(&t.ty) == Some(Dimension::RATIO));
        let are_whole = want.ty == Some(Type::Int) && terms.iter().all(|t| t.ty == Type::Int);
        if are_ratios && !are_whole {
            let as_ratio = |t: Term| if t.ty == Type::Int { self.coerce(t, Coercion::Ratio) } else { t };
            terms = terms.into_iter().map(as_ratio).collect();
        }
        let first = terms.first()?;
        let (ty, place) = (first.ty.clone(), first.span);
        if !matches!(
            ty,
            Type::Quantity(_)
                | Type::Vec2(_)
                | Type::Vec3(_)
                | Type::Color
                | Type::Int
                | Type::Bool
                | Type::Text
                | Type::Enum(_)
                | Type::Pose
        ) {
            let message = format!("the values of a curve are numbers, colours, texts or names, not {}", a(&ty));
            let diagnostic = Diagnostic::error("E0330", message, place);
            self.report(match ty {
                Type::Wire(_) => diagnostic
                    .hint("what moves or changes is a property: `ball at (0s: (0m, 0m, 0m), 2s: (4m, 0m, 0m))`"),
                Type::Optional(_) => diagnostic.hint("what is given at one time is given at all of them"),
                _ => diagnostic,
            });
            return None;
        }
        let origin = Origin::Place(place, format!("the first one is {}", a(&ty)));
        let inner = Want::of(ty, "every value of this curve", origin);
        let terms: Vec<Term> = curve.keys.iter().zip(terms).map(|(k, term)| self.fit(&k.value, term, &inner)).collect();
        terms.iter().all(|t| t.ty != Type::Unknown).then_some(terms)
    }

    /// How each key is reached.
    fn ways(&mut self, curve: &Keys, value: &Term, blends: bool) -> Option<Vec<Way>> {
        let default = match &curve.ease {
            None if blends => Way::Linear,
            None => Way::Hold,
            Some(ease) => self.way(ease, value, blends)?,
        };
        let mut ways = Vec::new();
        let mut failed = false;
        for key in &curve.keys {
            match &key.ease {
                None => ways.push(default),
                Some(ease) => match self.way(ease, value, blends) {
                    Some(way) => ways.push(way),
                    None => failed = true,
                },
            }
        }
        if let Some(first) = curve.keys.first()
            && let (Some(ease), false) = (&first.ease, failed)
        {
            let message = "nothing comes before the first key, so its `ease` means nothing";
            self.report(
                Diagnostic::error("E0330", message, span_of(ease))
                    .hint("`ease` says how a key is reached from the one before: put it behind the second"),
            );
            failed = true;
        }
        (!failed).then_some(ways)
    }

    fn way(&mut self, ease: &Ease, value: &Term, blends: bool) -> Option<Way> {
        let way = match ease {
            Ease::Named(name) => match Way::NAMES.iter().find(|(n, _)| *n == name.value) {
                Some((_, way)) => *way,
                None => {
                    let names = Way::NAMES.map(|(n, _)| n);
                    let diagnostic = Diagnostic::error("E0330", format!("there is no way `{}`", name.value), name.span);
                    self.report(match foreign_way(&name.value) {
                        Some(meant) => diagnostic.hint(format!("it is called `{meant}` here")).fix(
                            format!("write `{meant}`"),
                            name.span,
                            meant,
                        ),
                        None => Self::suggest(diagnostic, &name.value, name.span, &names),
                    });
                    return None;
                }
            },
            Ease::Bezier(numbers, span) => {
                let ratio = Want::of(Type::Quantity(Dimension::RATIO), "a control point", Origin::None);
                let terms: Vec<Term> = numbers.iter().map(|n| self.expr(n, &ratio)).collect();
                if terms.iter().any(|t| t.ty == Type::Unknown) {
                    return None;
                }
                let points: Option<Vec<f64>> = terms.iter().map(|t| t.value().and_then(Value::as_f64)).collect();
                match points.as_deref() {
                    Some(&[x1, y1, x2, y2]) if (0.0..=1.0).contains(&x1) && (0.0..=1.0).contains(&x2) => {
                        Way::Bezier([x1, y1, x2, y2])
                    }
                    Some([_, _, _, _]) => {
                        let message = "the control points of a curve lie within its time: `x1` and `x2` are 0 to 1";
                        self.error("E0330", message, *span);
                        return None;
                    }
                    Some(_) => {
                        self.error("E0330", "a curve of timing has four numbers: `(x1, y1, x2, y2)`", *span);
                        return None;
                    }
                    None => {
                        self.error("E0308", "control points must be known before the program runs", *span);
                        return None;
                    }
                }
            }
        };
        if !blends && way != Way::Hold {
            let message = format!("there is nothing between two values that are {}", a(&value.ty));
            let diagnostic = Diagnostic::error("E0330", message, span_of(ease));
            self.report(diagnostic.hint("they change at their keys: leave the `ease` out"));
            return None;
        }
        Some(way)
    }
}

fn span_of(ease: &Ease) -> Span {
    match ease {
        Ease::Named(name) => name.span,
        Ease::Bezier(_, span) => *span,
    }
}
