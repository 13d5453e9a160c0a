/**
 * What Streamlit hands a component each time that its element is sent. Types only.
 *
 * @template Data
 * @typedef {object} Component
 * @property {Data} data  what Python gave as `data`
 * @property {HTMLElement | ShadowRoot} parentElement  the same one until the element goes away
 * @property {(name: string, value: unknown) => void} setTriggerValue  an event: Python sees it once
 * @property {(name: string, value: unknown) => void} setStateValue  a value that Python keeps
 */

export {};
