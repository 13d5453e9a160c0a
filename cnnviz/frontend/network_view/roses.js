/**
 * What a first kernel looks for: its answers to a bar at every angle, as a rose. Each line lies as
 * its bar does and is as long as the answer is large; where that isn't above 0 there is none.
 * @module
 */

/**
 * From Python (cnnviz/labs/orientation.py): `angles` in degrees, anticlockwise from level, and for
 * each kernel its answers to bars at these angles, and those in words.
 * @typedef {{angles: number[], kernels: {answers: number[], words: string}[]}} LooksFor
 */

/**
 * @param {CanvasRenderingContext2D} context in CSS pixels of the stage
 * @param {import("./scene.js").Rose[]} roses
 * @param {LooksFor} looksFor
 * @param {import("./theme.js").Theme} theme
 */
export function drawRoses(context, roses, { angles, kernels }, theme) {
  // On one scale, so that kernels can be compared.
  const largest = Math.max(0, ...kernels.flatMap(({ answers }) => answers));
  context.lineCap = "round";
  for (const { out, rect } of roses) {
    const [x, y, radius] = [rect.x + rect.w / 2, rect.y + rect.h / 2, rect.w / 2];
    context.lineWidth = 1;
    context.strokeStyle = theme.line;
    context.beginPath();
    context.arc(x, y, radius - 0.5, 0, 2 * Math.PI);
    context.stroke();
    context.lineWidth = radius / 14;
    context.strokeStyle = theme.palette.sign(1);
    context.beginPath();
    for (const [at, answer] of kernels[out].answers.entries()) {
      if (!(answer > 0)) continue;
      const reach = (answer / largest) * (radius - 2);
      const angle = (angles[at] * Math.PI) / 180;
      const [right, up] = [reach * Math.cos(angle), reach * Math.sin(angle)];
      context.moveTo(x - right, y + up);
      context.lineTo(x + right, y - up);
    }
    context.stroke();
  }
  context.lineCap = "butt";
}
