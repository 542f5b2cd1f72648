using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SkPeft.Connectors.Routing;
using SkPeft.Connectors.Skills;
using SkPeft.Http.Admin;
using SkPeft.Http.Answers;
using SkPeft.Http.Errors;
using SkPeft.Http.Hosting;
using SkPeft.Http.Keys;
using SkPeft.Http.Requests;

namespace SkPeft.Http.Lora;

/// <summary><c>POST /v1/load_lora_adapter</c> and <c>/v1/unload_lora_adapter</c>: modules come and go by name, of whatever method.</summary>
internal sealed class LoraEndpoint(ModelHost host, LoraFolders folders)
{
    public async Task LoadAsync(HttpContext context)
    {
        RequireOn(context);
        using JsonDocument document = await JsonBody.ReadAsync(context);
        ObjectReader body = new(document.RootElement);
        ReceiptHeader.WriteIgnored(context.Response, LoraParameters.Load.Check(body));
        ServedRuntime served = host.Served;
        string name = Name(body);
        if (body.Text("base_model_name") is { } model && model != served.Names.Base)
        {
            throw ApiException.BadValue("base_model_name", $"'{model}'", $"'{served.Names.Base}', the model of this server");
        }

        if (body.Flag("load_inplace") != true && served.Runtime.Store.List().Any(l => l.Version.Name == name))
        {
            throw ApiException.BadRequest("lora_name", $"The lora adapter '{name}' has already been loaded. Unload it first, or send load_inplace.", "already_loaded");
        }

        string folder = folders.Resolve(body.RequiredText("lora_path"));
        AdapterAddition added = await CheckedAddition.RunAsync(served, name, folder, context.RequestAborted);
        await SayAsync(context, $"Success: LoRA adapter '{name}' added successfully.", added.Version);
    }

    public async Task UnloadAsync(HttpContext context)
    {
        RequireOn(context);
        using JsonDocument document = await JsonBody.ReadAsync(context);
        ObjectReader body = new(document.RootElement);
        ReceiptHeader.WriteIgnored(context.Response, LoraParameters.Unload.Check(body));
        ServedRuntime served = host.Served;
        string name = Name(body);
        AdapterListing[] versions = [.. served.Runtime.Store.List().Where(l => l.Version.Name == name)];
        if (versions.Length == 0)
        {
            throw ApiException.NotFound($"The lora adapter '{name}' cannot be found. GET /v1/models lists what there is.", "adapter_not_found", "lora_name");
        }

        RequireUnused(served, name, versions);
        foreach (AdapterListing listing in versions)
        {
            StoreConflict.Do(() => served.Runtime.Store.Remove(listing.Version.Reference));
        }

        await SayAsync(context, $"Success: LoRA adapter '{name}' removed successfully.", null);
    }

    private void RequireOn(HttpContext context)
    {
        if (folders.IsOff)
        {
            throw ApiException.NotFound($"{context.Request.Path} is off: this server loads no modules for its clients (LoraFolders names the folders that it may load from).", "not_enabled");
        }

        context.Caller().RequireUnrestricted("load or unload modules");
    }

    private static string Name(ObjectReader body)
    {
        try
        {
            return AdapterReference.CheckName(body.RequiredText("lora_name"));
        }
        catch (StoreException e)
        {
            throw ApiException.BadRequest("lora_name", e.Message);
        }
    }

    // Aliases and skills are the operator's: a client does not take them away.
    private static void RequireUnused(ServedRuntime served, string name, AdapterListing[] versions)
    {
        if (versions.SelectMany(v => v.Aliases).Distinct().ToArray() is { Length: > 0 } aliases)
        {
            throw ApiException.Conflict($"The lora adapter '{name}' has aliases ({string.Join(", ", aliases)}), which are the operator's: only /admin takes its versions away.", "adapter_in_use");
        }

        if (served.Runtime.Skills.Skills.FirstOrDefault(s => s.Adapter != SkillRouter.Base && ComposedReference.Parse(s.Adapter).Uses(name)) is SkillDefinition skill)
        {
            throw ApiException.Conflict($"The lora adapter '{name}' serves skill '{skill.Name}': only /admin takes its versions away.", "adapter_in_use");
        }
    }

    private static Task SayAsync(HttpContext context, string text, AdapterVersion? version)
    {
        if (version is not null)
        {
            ReceiptHeader.Of(version, null).WriteTo(context.Response);
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
