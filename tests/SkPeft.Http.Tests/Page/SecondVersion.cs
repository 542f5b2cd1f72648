using System.Net;
using System.Net.Http.Headers;
using SkPeft.Connectors.Bundles;

namespace SkPeft.Http.Tests.Page;

internal static class SecondVersion
{
    /// <summary>The skill's own adapter once more, with a file that makes it another version.</summary>
    public static async Task AddAsync(TestServer server, string skill)
    {
        string folder = ModelBundle.OpenShipped().Skills.Single(s => s.Definition.Name == skill).Adapter;
        byte[] zip = ZipBytes.Of([.. Directory.GetFiles(folder, "adapter_*").Select(f => (Path.GetFileName(f), File.ReadAllBytes(f))), ("README.md", ZipBytes.Text("second"))]);
        using ByteArrayContent content = new(zip) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };
        using HttpResponseMessage response = await server.Admin.PostAsync($"/admin/modules/{skill}", content, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
    }
}
