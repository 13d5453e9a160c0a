// The app's one colour code: orange positive, blue negative, zero the surface itself.

const RAMPS = {
  light: {
    positive: ["#f6f7f9", "#fdc38d", "#e6550d", "#7f2704"],
    negative: ["#f6f7f9", "#9ecae8", "#3182bd", "#08306b"],
  },
  dark: {
    positive: ["#171d26", "#7a3b12", "#f08c4a", "#ffe3c9"],
    negative: ["#171d26", "#1f4e79", "#4aa3df", "#c6e6ff"],
  },
};

/** @param {string} hex @returns {number[]} */
function channels(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

/** @param {number[]} rgb @returns {number} WCAG's relative luminance, 0 to 1 */
export function luminance(rgb) {
  const [r, g, b] = rgb.map((c) => {
    const share = c / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * The colour of a value and of text upon it.
 * @param {number} value
 * @param {number} scale the |value| at the end of the ramp
 * @param {boolean} dark
 * @returns {{fill: string, text: string}}
 */
export function colour(value, scale, dark) {
  const ramp = RAMPS[dark ? "dark" : "light"][value < 0 ? "negative" : "positive"];
  const share = scale > 0 ? Math.min(Math.abs(value) / scale, 1) * (ramp.length - 1) : 0;
  const from = Math.min(Math.floor(share), ramp.length - 2);
  const low = channels(ramp[from]);
  const high = channels(ramp[from + 1]);
  const rgb = low.map((c, i) => Math.round(c + (share - from) * (high[i] - c)));
  // 0.179 is where black and white have the same contrast.
  const text = luminance(rgb) > 0.179 ? "#000000" : "#ffffff";
  return { fill: `rgb(${rgb.join(" ")})`, text };
}

/** @param {Element} host @returns {boolean} whether the theme's background is dark */
export function isDark(host) {
  const background = getComputedStyle(host).getPropertyValue("--st-background-color").trim();
  return /^#[0-9a-f]{6}$/i.test(background) && luminance(channels(background)) < 0.179;
}
