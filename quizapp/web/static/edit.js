/* Conveniences of the editing desk. Every page works without this file. */
(() => {
  "use strict";
  const problems = document.querySelector(".problems");
  if (problems) problems.focus();
})();
