// A Terraform provider that knows a schema and nothing else: terraform validate needs no more. The schema is the JSON
// file that AWSSCAN_PROVIDER_SCHEMA names. Whatever else Terraform asks of it is a crash.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type block struct {
	Attributes map[string]struct {
		Type     json.RawMessage `json:"type"`
		Required bool            `json:"required"`
		Computed bool            `json:"computed"`
	} `json:"attributes"`
	BlockTypes map[string]struct {
		Block    block `json:"block"`
		MinItems int64 `json:"min_items"`
		MaxItems int64 `json:"max_items"`
	} `json:"block_types"`
}

type provider struct {
	// Nil: it gives the methods that are never called.
	tfprotov6.ProviderServer
	Provider    block            `json:"provider"`
	Resources   map[string]block `json:"resources"`
	DataSources map[string]block `json:"data_sources"`
}

func main() {
	text, err := os.ReadFile(os.Getenv("AWSSCAN_PROVIDER_SCHEMA"))
	if err != nil {
		log.Fatal(err)
	}
	var p provider
	if err := json.Unmarshal(text, &p); err != nil {
		log.Fatal(err)
	}
	serve := func() tfprotov6.ProviderServer { return &p }
	if err := tf6server.Serve("registry.terraform.io/hashicorp/aws", serve); err != nil {
		log.Fatal(err)
	}
}

func (p *provider) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	response := &tfprotov6.GetMetadataResponse{ServerCapabilities: &tfprotov6.ServerCapabilities{}}
	for name := range p.Resources {
		response.Resources = append(response.Resources, tfprotov6.ResourceMetadata{TypeName: name})
	}
	for name := range p.DataSources {
		response.DataSources = append(response.DataSources, tfprotov6.DataSourceMetadata{TypeName: name})
	}
	return response, nil
}

func (p *provider) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	response := &tfprotov6.GetProviderSchemaResponse{
		ServerCapabilities: &tfprotov6.ServerCapabilities{},
		Provider:           &tfprotov6.Schema{Block: p.Provider.schema()},
		ResourceSchemas:    map[string]*tfprotov6.Schema{},
		DataSourceSchemas:  map[string]*tfprotov6.Schema{},
	}
	for name, source := range p.DataSources {
		response.DataSourceSchemas[name] = &tfprotov6.Schema{Block: source.schema()}
	}
	for name, resource := range p.Resources {
		response.ResourceSchemas[name] = &tfprotov6.Schema{Block: resource.schema()}
	}
	return response, nil
}

func (p *provider) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (p *provider) ValidateProviderConfig(_ context.Context, request *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: request.Config}, nil
}

func (p *provider) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (p *provider) ValidateDataResourceConfig(context.Context, *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

func (p *provider) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

func (b block) schema() *tfprotov6.SchemaBlock {
	result := &tfprotov6.SchemaBlock{}
	for name, attribute := range b.Attributes {
		result.Attributes = append(result.Attributes, &tfprotov6.SchemaAttribute{
			Name:     name,
			Type:     typeOf(attribute.Type),
			Required: attribute.Required,
			Optional: !attribute.Required && !attribute.Computed,
			Computed: attribute.Computed,
		})
	}
	for name, nested := range b.BlockTypes {
		result.BlockTypes = append(result.BlockTypes, &tfprotov6.SchemaNestedBlock{
			TypeName: name,
			Nesting:  tfprotov6.SchemaNestedBlockNestingModeList,
			Block:    nested.Block.schema(),
			MinItems: nested.MinItems,
			MaxItems: nested.MaxItems,
		})
	}
	return result
}

func typeOf(text json.RawMessage) tftypes.Type {
	var name string
	if json.Unmarshal(text, &name) == nil {
		switch name {
		case "string":
			return tftypes.String
		case "number":
			return tftypes.Number
		case "bool":
			return tftypes.Bool
		}
	}
	var pair [2]json.RawMessage
	if json.Unmarshal(text, &pair) == nil {
		switch string(pair[0]) {
		case `"list"`:
			return tftypes.List{ElementType: typeOf(pair[1])}
		case `"map"`:
			return tftypes.Map{ElementType: typeOf(pair[1])}
		}
	}
	panic(fmt.Sprintf("no such type: %s", text))
}
