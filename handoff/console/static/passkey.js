// Passkeys: asks the browser for what a form's options say, and sends its answer as a field of the form.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => (list ?? []).map((item) => ({ ...item, id: bytes(item.id) }));

const ceremonies = {
  create: async (options) => {
    const user = { ...options.user, id: bytes(options.user.id) };
    const publicKey = { ...options, user, challenge: bytes(options.challenge), excludeCredentials: known(options.excludeCredentials) };
    const made = await navigator.credentials.create({ publicKey });
    return [made, { attestationObject: text(made.response.attestationObject) }];
  },
  get: async (options) => {
    const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) };
    const signed = await navigator.credentials.get({ publicKey });
    return [signed, { authenticatorData: text(signed.response.authenticatorData), signature: text(signed.response.signature) }];
  },
};

const faults = {
  InvalidStateError: "この端末のパスキーは、もう登録されています。",
  NotAllowedError: "パスキーの確認が取り消されたか、時間がたちました。もう一度押してください。",
  SecurityError: "このアドレスではパスキーを使えません。システム管理の担当へ知らせてください。",
};

const prepare = (form) => {
  const button = form.querySelector("button");
  const fault = form.querySelector(".passkey-fault");
  form.querySelector(".passkey-missing").hidden = true;
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.hidden = true;
    button.disabled = true;
    try {
      const [credential, response] = await ceremonies[form.dataset.passkey](JSON.parse(form.dataset.options));
      response.clientDataJSON = text(credential.response.clientDataJSON);
      const answer = { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} };
      form.elements.credential.value = JSON.stringify(answer);
      form.submit();
    } catch (error) {
      fault.textContent = faults[error.name] ?? "パスキーを使えませんでした。もう一度押してください。";
      fault.hidden = false;
      button.disabled = false;
    }
  });
};

if (window.PublicKeyCredential && window.isSecureContext) document.querySelectorAll("form[data-passkey]").forEach(prepare);
