using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SkPeft.Http.Answers;
using SkPeft.Http.Errors;
using SkPeft.Http.Hosting;
using SkPeft.Http.OpenApi;

namespace SkPeft.Http.Admin;

/// <summary><c>POST /admin/modules/{name}</c> with a zip of an HF folder: the next version of that name.</summary>
internal sealed class UploadEndpoint(ModelHost host, HttpSettings settings)
{
    private const string ContentType = "application/zip";

    public static BinaryBody Body { get; } = new(ContentType);

    public async Task HandleAsync(HttpContext context)
    {
        if (context.Request.ContentType != ContentType)
        {
            throw new ApiException(StatusCodes.Status415UnsupportedMediaType, "invalid_request_error",
                $"Content-Type: '{context.Request.ContentType}' is not accepted, expected {ContentType}.") { Code = "unsupported_media_type" };
        }

        ServedRuntime served = host.Served;
        string name = ModuleEndpoints.Refused(() => AdapterReference.CheckName((string)context.Request.RouteValues["name"]!));
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = settings.MaxUploadBytes;
        DirectoryInfo work = Directory.CreateTempSubdirectory($"skpeft-upload-{Environment.ProcessId}-");
        try
        {
            string zip = Path.Combine(work.FullName, "upload.zip");
            await using (FileStream file = File.Create(zip))
            {
                await context.Request.Body.CopyToAsync(file, context.RequestAborted);
            }

            string unpacked = Path.Combine(work.FullName, "module");
            string folder = await Task.Run(() => new ZipUnpacker(settings.MaxUnpackedBytes).Unpack(zip, unpacked, context.RequestAborted), context.RequestAborted);
            AdapterAddition added = await CheckedAddition.RunAsync(served, name, folder, context.RequestAborted);
            context.Response.StatusCode = added.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
            await context.Response.WriteAsJsonAsync(new UploadResult(VersionBody.Of(added.Version, []), added.IsNew, added.LeftOut), JsonForm.Options, context.RequestAborted);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new ApiException(e.StatusCode, "invalid_request_error",
                $"The zip has more than {settings.MaxUploadBytes} bytes (MaxUploadBytes). Send the two files of the adapter only, or raise the limit.", e) { Code = "request_too_large" };
        }
        catch (FileFormatException e)
        {
            // Where this server unpacked it says nothing to whoever sent it.
            throw ApiException.BadRequest(null, e.Message.Replace(work.FullName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal), e.Kind, e);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }
}
