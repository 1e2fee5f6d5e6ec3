// What frames are coloured with. Each colour has a contrast of 3:1 or more against the map (WCAG 2.1, 1.4.11).
"use strict";

// Of labels, in both colour schemes, which leaves lightness a narrow band: within it as far apart as could be found for
// eyes of every kind (in Oklab, as Machado et al. 2009 have colour-blind eyes see), those farthest apart first.
const COLOURS = ["#5a5afa", "#fa0000", "#787864", "#c864c8", "#1e8200", "#d200a0", "#fa3c8c", "#288cf0", "#9650c8", "#649650"];

const rgb = (hex) => [1, 3, 5].map((place) => parseInt(hex.slice(place, place + 2), 16) / 255);
const OF_CODES = COLOURS.map(rgb);
const ofCode = (code) => OF_CODES[code % OF_CODES.length];

// Colours of the style, which differ with the colour scheme: that of a frame that no other picture has, and the scale
// for numbers, from few to many ever farther from the background.
const styled = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).split(",").map((hex) => rgb(hex.trim()));
const chosenColour = () => styled("--ink")[0];

// From a share, 0 to 1, to a colour of the scale.
function grading() {
  const scale = styled("--scale");
  return (share) => {
    const place = clip(share) * (scale.length - 1), low = Math.min(scale.length - 2, Math.floor(place)), rest = place - low;
    return scale[low].map((value, n) => value + rest * (scale[low + 1][n] - value));
  };
}
