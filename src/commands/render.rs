//! `scenec render MODEL`: one glTF file straight to a picture.

use std::time::Instant;

use scenec_runtime::encode::{self, ExrDepth, PngDepth, PngPixels};
use scenec_runtime::model::{self, Choice, View, ViewConfig};
use scenec_runtime::view::View as Transform;
use scenec_runtime::{Events, Files, Film, Outcome, RenderSettings, RunError, audit, framing};
use serde_json::json;

use super::exit_of;
use crate::args::Render;
use crate::disk::Disk;
use crate::progress::Teller;
use crate::{Exit, say};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Exr,
    Png,
}

pub(crate) fn run(args: &Render) -> Exit {
    let teller = Teller::new(args.talk);
    match picture(args, &teller) {
        Ok(()) => Exit::Done,
        Err(error) => {
            teller.error(&error, &scenec_ir::SourceMap::default());
            exit_of(&error)
        }
    }
}

fn format_of(path: &str) -> Outcome<Format> {
    let lower = path.to_ascii_lowercase();
    if lower.ends_with(".exr") {
        Ok(Format::Exr)
    } else if lower.ends_with(".png") {
        Ok(Format::Png)
    } else {
        Err(RunError::new("E0652", format!("`{path}` is neither .exr nor .png"))
            .hint("the file's ending chooses its format"))
    }
}

fn picture(args: &Render, teller: &Teller) -> Outcome<()> {
    let began = Instant::now();
    let format = format_of(&args.out)?;
    let disk = Disk::new("");
    disk.probe(&args.out).map_err(|reason| RunError::new("E0650", reason).hint("choose another place with --out"))?;
    let choice = Choice {
        node: args.node.clone(),
        variant: args.variant.clone(),
        clip: args.clip.clone().map(|clip| (clip, args.time)),
    };
    let config = args.config.as_deref().map(|path| load_config(path, &disk)).transpose()?;
    let document = model::load(&args.model, &disk)?;
    let mut settings = RenderSettings {
        seed: args.seed,
        noise: args.noise,
        device: args.machine.device,
        threads: args.machine.threads.map(usize::from),
        ..RenderSettings::default()
    };
    let usual = RenderSettings::usual_samples(args.noise.is_some());
    let view = match (&config, &args.config) {
        (Some(config), Some(path)) => {
            settings.width = config.width;
            settings.height = config.height;
            settings.samples = args.spp.unwrap_or(if args.noise.is_some() { usual } else { config.spp });
            settings.max_depth = config.max_depth;
            model::by_config(&document, &choice, config, path, &disk)?
        }
        _ => {
            (settings.width, settings.height) = args.size;
            settings.samples = args.spp.unwrap_or(usual);
            settings.max_depth = 8;
            model::in_studio(&document, &choice, args.size.0 as f32 / args.size.1 as f32)?
        }
    };
    drop(document);
    view.warnings.iter().for_each(|w| teller.warning(w));
    let loaded = began.elapsed().as_secs_f64();

    teller.begin(&args.model, "render");
    let scene = scenec_runtime::prepare(&view.stage)?;
    let prepared = began.elapsed().as_secs_f64();
    let film = scenec_runtime::render(&scene, &view.camera, &settings, teller)?;
    let rendered = began.elapsed().as_secs_f64();

    let bytes = match format {
        Format::Exr => encode::exr(film.width, film.height, &film.rgb, ExrDepth::Float)?,
        Format::Png => {
            let cover = (config.is_none()).then(|| model::subject_cover(&scene, &view, film.width, film.height));
            display(&film, &view, cover.as_deref().unwrap_or(&film.alpha), args.exposure)?
        }
    };
    let path = disk
        .write(&args.out, &bytes)
        .map_err(|reason| RunError::new("E0650", reason).hint("choose another place with --out"))?;
    let found = audit::audit(&args.out, &film, &view.stage, &view.camera, &view.subject, format == Format::Png);
    found.iter().for_each(|w| teller.warning(w));
    teller.wrote(&path, bytes.len());
    let report = json!({
        "event": "rendered", "renderer": concat!("scenec ", env!("CARGO_PKG_VERSION")), "device": film.device,
        "spp": film.samples, "width": film.width, "height": film.height, "rays": film.rays, "triangles": scene.triangles(),
        "load_s": loaded, "prepare_s": prepared - loaded, "render_s": film.seconds, "write_s": began.elapsed().as_secs_f64() - rendered,
        "total_s": began.elapsed().as_secs_f64(),
    });
    if !args.talk.quiet {
        say::line(&report.to_string());
    }
    teller.done(began.elapsed().as_secs_f64());
    Ok(())
}

fn load_config(path: &str, disk: &Disk) -> Outcome<ViewConfig> {
    let bytes = disk
        .read_bytes(path)
        .map_err(|reason| RunError::new("E0621", format!("the view file {path} can't be read: {reason}")))?;
    let text = String::from_utf8(bytes)
        .map_err(|e| RunError::new("E0621", format!("the view file {path} is not UTF-8: {e}")))?;
    ViewConfig::parse(path, &text)
}

/// The studio's floor may come close to white, not burn out.
const STUDIO_WHITE: f32 = 1.0;

/// Metered on what the subject covers; a product view that keeps colours.
fn display(film: &Film, view: &View, cover: &[f32], stops: f32) -> Outcome<Vec<u8>> {
    let exposure = framing::meter(&film.rgb, cover, 0.18, STUDIO_WHITE) * view.camera.exposure * libm::exp2f(stops);
    let pixels: Vec<_> = film.rgb.iter().map(|&p| Transform::Neutral.apply(p, exposure)).collect();
    Ok(encode::png(film.width, film.height, PngPixels::Srgb(&pixels), PngDepth::Eight)?)
}
